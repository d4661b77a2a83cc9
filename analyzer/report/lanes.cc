// SPDX-License-Identifier: Apache-2.0
#include "analyzer/report/lanes.h"

#include "analyzer/finding/lane_phrases.h"
#include "analyzer/finding/phrases.h"

namespace gordian::analysis::report {
namespace {

std::string at_place(const LaneEvent& event, const Page& page) {
  return event.where.file.empty() ? "" : " at " + page.place(event.where);
}

// One end of an order. Who begins has no place of its own.
std::string end_words(const Finding& race, std::size_t side, std::size_t index, const Page& page) {
  const LaneEvent& event = race.lanes[side].events[index];
  const std::string who = short_name(race.actors[side]);
  return event.act == Act::start ? who + " begins" : who + " " + event_words(race, side, event) + at_place(event, page);
}

}  // namespace

std::vector<std::string> lane_lines(const Finding& race, std::size_t side, const std::string& tag, const Page& page) {
  const Lane& lane = race.lanes[side];
  std::vector<std::string> lines;
  const auto hide = [&](std::uint64_t events) {
    if (events != 0) lines.push_back(page.faint("... " + hidden_words(events)));
  };
  for (std::size_t i = 0; i < lane.events.size(); ++i) {
    const LaneEvent& event = lane.events[i];
    hide(event.hidden_before);
    if (event.act == Act::start) continue;
    const std::string badge = i == lane.access ? page.guilty("[" + tag + ".!]") + " " : "";
    lines.push_back(badge + event_words(race, side, event) + at_place(event, page));
  }
  hide(lane.hidden_after);
  return lines;
}

std::vector<std::string> order_lines(const Finding& race, const Page& page) {
  std::vector<std::string> lines;
  for (const LaneOrder& order : race.orders) {
    const std::uint32_t to_lane = 1 - order.from_lane;
    lines.push_back(end_words(race, order.from_lane, order.from, page) + (order.both ? ", meets " : ", before ") +
                    end_words(race, to_lane, order.to, page) + (order.direct ? "" : ", through others"));
  }
  return lines;
}

std::string missing_order(const Finding& race, const std::string& tag, const Page& page) {
  std::string line = page.guilty("[" + tag + ".!]") + " no order between ";
  for (std::size_t i = 0; i < race.actors.size(); ++i) {
    const ActorRef& actor = race.actors[i];
    const Frame* at = user_frame(actor.stack);
    line += (i == 0 ? "" : " and ") + short_name(actor) + ", which " + std::string(word_of(actor.role));
    if (at != nullptr) line += " at " + page.place(*at);
  }
  return line;
}

}  // namespace gordian::analysis::report
