// SPDX-License-Identifier: Apache-2.0
// From ids to what a finding says: objects with their names, actors with their creation, holds with their stacks. Used
// when a finding is made, never per event.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// user_frame(), or an empty one.
Frame user_frame_of(const Stack& stack);

class Describer {
 public:
  explicit Describer(const Scene& scene) : scene_(scene) {}

  [[nodiscard]] Stack stack(const Place& place) const;
  // The innermost frame that is the user's own; empty if nothing is known.
  [[nodiscard]] Frame frame(const Place& place) const;
  // The object's name is that of the global it lies in, else the best of those that the program used for it, else the
  // one at `use`.
  [[nodiscard]] ObjectRef object(ObjectId id, const Place& use = {}) const;
  // Who it is, who created it and where. Role, stack, objects and holds are the caller's.
  [[nodiscard]] ActorRef actor(ActorId id) const;
  [[nodiscard]] ActorKind kind_of(ActorId id) const;
  // From a point of the program's life to its last sign; 0 if the trace does not tell.
  [[nodiscard]] std::uint64_t ns_until_end(std::uint64_t cycles) const {
    return scene_.time.ns_between(cycles, scene_.time.end_cycles);
  }
  [[nodiscard]] std::vector<Hold> holds(std::span<const HeldLock> locks) const;

 private:
  [[nodiscard]] std::string name_from_calls(ObjectId id, const ObjectState& state, const Place& use) const;

  const Scene scene_;
};

}  // namespace gordian::analysis
