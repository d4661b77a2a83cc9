// SPDX-License-Identifier: Apache-2.0
// The merged trace is one legal order, but in it one access lies far behind the other. Nothing orders the two, so
// whatever comes before one of them comes before neither's end: first all that precedes either access, in merged order,
// then both accesses in one row, then the rest. That is a linear extension of happens-before on both lanes.
#include "analyzer/detect/describe_lanes.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {
namespace {

class LaneDescriber {
 public:
  LaneDescriber(const Scene& scene, const RaceLanes& race, Finding& finding)
      : scene_(scene), describe_(scene), race_(race), finding_(finding) {}

  void run() {
    finding_.lanes.resize(2);
    describe_lane(0);
    describe_lane(1);
    for (const LaneKnowledge& known : race_.orders) {
      add_order(known);
    }
    rank();
  }

 private:
  struct Placed {
    enum Part { before, access, after } part = before;
    std::uint64_t step = 0;
    bool is_start = false;
    std::uint32_t side = 0;
    std::size_t index = 0;
  };

  // The acts of a lane that are told, by number; neither its beginning nor an access that is an act.
  [[nodiscard]] std::map<std::uint64_t, LaneRecord> told(std::uint32_t side) const {
    std::map<std::uint64_t, LaneRecord> events = race_.sides[side].events;
    for (const LaneKnowledge& known : race_.orders) {
      const LaneRecord& end = known.to_side == side ? known.to : known.from;
      events.emplace(end.number, end);
    }
    events.erase(0);
    if (race_.sides[side].access.is_act) {
      events.erase(race_.sides[side].access.last());
    }
    return events;
  }

  void describe_lane(std::uint32_t side) {
    const LaneSide& raw = race_.sides[side];
    const std::map<std::uint64_t, LaneRecord> events = told(side);
    const auto first_after = events.upper_bound(raw.access.last());
    LaneEvent start;
    start.act = Act::start;
    add(side, std::move(start), 0, {Placed::before, raw.begun, true});
    for (auto at = events.begin(); at != first_after; ++at) {
      add(side, described(at->second), at->first, {Placed::before, at->second.step});
    }
    LaneEvent access;
    access.where = user_frame_of(finding_.actors[side].stack);
    finding_.lanes[side].access = finding_.lanes[side].events.size();
    add(side, std::move(access), raw.access.last(), {Placed::access});
    for (auto at = first_after; at != events.end(); ++at) {
      add(side, described(at->second), at->first, {Placed::after, at->second.step});
    }
    finding_.lanes[side].hidden_after = raw.acts - std::min(raw.acts, latest_[side]);
  }

  void add(std::uint32_t side, LaneEvent event, std::uint64_t number, Placed placed) {
    std::vector<LaneEvent>& events = finding_.lanes[side].events;
    event.hidden_before = number - std::min(number, latest_[side] + 1);
    latest_[side] = number;
    indices_[side].emplace(number, events.size());
    placed.side = side;
    placed.index = events.size();
    placed_.push_back(placed);
    events.push_back(std::move(event));
  }

  [[nodiscard]] LaneEvent described(const LaneRecord& record) const {
    const Deed& deed = record.deed;
    LaneEvent event;
    event.act = deed.act;
    event.other = deed.other;
    event.message = deed.message;
    if (deed.other) {
      event.other_kind = describe_.kind_of(deed.other);
    }
    if (deed.by_address) {
      event.object = atomic(record);
    } else if (deed.object != 0) {
      event.object = describe_.object(ObjectId(deed.object), record.place);
    }
    if (const Frame where = describe_.frame(record.place); !where.internal && where.line != 0) {
      event.where = where;
    }
    return event;
  }

  [[nodiscard]] ObjectRef atomic(const LaneRecord& record) const {
    ObjectRef object = scene_.symbols.global_at(record.deed.object);
    if (object.object_class == ObjectClass::none) {
      object.name = atomic_name(record.place);
      object.address = record.deed.object;
    }
    return object;
  }

  // Inside of a call it is a part of what the call is about.
  [[nodiscard]] std::string atomic_name(const Place& place) const {
    if (!place.is_access) {
      return scene_.symbols.call_object(scene_.stacks, place);
    }
    const FunctionId function = scene_.stacks.node(place.stack).function;
    const SiteInfo* site = scene_.symbols.access_site(function, place.site);
    return site != nullptr ? site->name : "";
  }

  void add_order(const LaneKnowledge& known) {
    const std::uint32_t from_side = 1 - known.to_side;
    LaneOrder order{.from_lane = from_side,
                    .from = indices_[from_side].at(known.from.number),
                    .to = indices_[known.to_side].at(known.to.number),
                    .direct = is_direct(known)};
    const auto back = std::find_if(finding_.orders.begin(), finding_.orders.end(), [&](const LaneOrder& other) {
      return other.from_lane == known.to_side && other.from == order.to && other.to == order.from;
    });
    if (back == finding_.orders.end()) {
      finding_.orders.push_back(order);
      return;
    }
    order.both = true;
    const bool sends = known.from.deed.act == Act::send;
    *back = sends ? order : LaneOrder{known.to_side, order.to, order.from, order.direct, true};
  }

  [[nodiscard]] bool is_direct(const LaneKnowledge& known) const {
    const Deed& from = known.from.deed;
    const Deed& to = known.to.deed;
    if (known.to.number == 0) {
      return from.other == race_.sides[known.to_side].actor;
    }
    if (to.act == Act::join_thread) {
      return to.other == race_.sides[1 - known.to_side].actor;
    }
    return from.object != 0 && from.object == to.object && gives(from, to);
  }

  // Does the one on an object let the other go on? The rows of FORMAT.md, "Edges".
  [[nodiscard]] bool gives(const Deed& from, const Deed& to) const {
    switch (from.act) {
      case Act::send:
        return to.act == Act::receive && from.message == to.message;
      case Act::receive: {
        const ObjectState* channel = scene_.world.object(ObjectId(from.object));
        return to.act == Act::send && channel != nullptr && from.message + channel->capacity == to.message;
      }
      case Act::unlock:
      case Act::read_unlock:
        return to.act == Act::lock || to.act == Act::read_lock;
      default:
        return true;  // the others have one kind of end each
    }
  }

  [[nodiscard]] bool is_known_start(const Placed& placed) const {
    return placed.is_start && std::any_of(race_.orders.begin(), race_.orders.end(), [&](const LaneKnowledge& known) {
             return known.to_side == placed.side && known.to.number == 0;
           });
  }

  [[nodiscard]] bool is_rendezvous(const Placed& one, const Placed& other) const {
    return std::any_of(finding_.orders.begin(), finding_.orders.end(), [&](const LaneOrder& order) {
      const Placed& from = order.from_lane == one.side ? one : other;
      const Placed& to = order.from_lane == one.side ? other : one;
      return order.both && one.side != other.side && order.from == from.index && order.to == to.index;
    });
  }

  // A lane that does not begin in the other one begins at the top.
  void rank() {
    std::erase_if(placed_, [&](const Placed& placed) { return placed.is_start && !is_known_start(placed); });
    std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      return std::tuple(a.part, a.step, a.is_start) < std::tuple(b.part, b.step, b.is_start);
    });
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      const Placed& placed = placed_[i];
      const bool is_with_previous =
          i > 0 && ((placed.part == Placed::access && placed_[i - 1].part == Placed::access) ||
                    is_rendezvous(placed_[i - 1], placed));
      rank += is_with_previous ? 0 : 1;
      finding_.lanes[placed.side].events[placed.index].rank = rank;
    }
  }

  const Scene& scene_;
  const Describer describe_;
  const RaceLanes& race_;
  Finding& finding_;
  std::vector<Placed> placed_;
  std::array<std::uint64_t, 2> latest_{};                        // number that was added
  std::array<std::map<std::uint64_t, std::size_t>, 2> indices_;  // of events, by number
};

}  // namespace

void describe_lanes(const Scene& scene, const RaceLanes& race, Finding& finding) {
  LaneDescriber(scene, race, finding).run();
}

}  // namespace gordian::analysis
