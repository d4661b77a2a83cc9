// SPDX-License-Identifier: Apache-2.0
#include "analyzer/finding/lane_phrases.h"

#include "analyzer/finding/phrases.h"

namespace gordian::analysis {
namespace {

struct ActWords {
  std::string_view words;
  std::string_view noun;
};

constexpr ActWords kActs[] = {
#define GORDIAN_ACT(name, words, noun) {words, noun},
#include "analyzer/finding/acts.def"
#undef GORDIAN_ACT
};

const ActWords& words_of(Act act) { return kActs[static_cast<std::size_t>(act)]; }

const LaneEvent& source_of(const Finding& race, const LaneOrder& order) {
  return race.lanes[order.from_lane].events[order.from];
}
const LaneEvent& target_of(const Finding& race, const LaneOrder& order) {
  return race.lanes[1 - order.from_lane].events[order.to];
}

std::string access_words(const Finding& race, std::size_t side) {
  const std::string name = " " + bare_name_of(race.object);
  switch (race.actors[side].role) {
    case Role::reads:
      return "read" + name;
    case Role::atomically_reads:
      return "atomic read of" + name;
    case Role::atomically_writes:
      return "atomic write of" + name;
    case Role::frees:
      return "free of" + name;
    case Role::ends:
      return "end of the stack with" + name;
    default:
      return "write" + name;
  }
}

std::string object_words(const LaneEvent& event) {
  if (event.other) {
    ActorRef other;
    other.id = event.other;
    other.kind = event.other_kind;
    return short_name(other);
  }
  const bool is_known = event.object.object_class != ObjectClass::none || !event.object.name.empty();
  return is_known ? bare_name_of(event.object) : "";
}

}  // namespace

std::string_view word_of(Act act) { return words_of(act).words; }

std::string event_words(const Finding& race, std::size_t side, const LaneEvent& event) {
  if (event.act == Act::start) return name_of(race.actors[side]);
  if (event.act == Act::access) return access_words(race, side);
  const std::string object = object_words(event);
  return std::string(words_of(event.act).words) + (object.empty() ? "" : " " + object);
}

std::string order_words(const Finding& race, const LaneOrder& order) {
  if (!order.direct) return "ordered through others";
  const std::string from(words_of(source_of(race, order).act).noun);
  const std::string to(words_of(target_of(race, order).act).noun);
  return from + (order.both ? " meets " : " before ") + to;
}

std::string order_object(const Finding& race, const LaneOrder& order) {
  const LaneEvent& from = source_of(race, order);
  if (!order.direct || from.other || from.act == Act::end) return "";
  const std::string name = object_words(from.act == Act::access ? target_of(race, order) : from);
  return from.message == 0 ? name : name + ", message " + grouped(from.message);
}

std::string hidden_words(std::uint64_t events) {
  return grouped(events) + (events == 1 ? " event hidden" : " events hidden");
}

}  // namespace gordian::analysis
