// SPDX-License-Identifier: Apache-2.0
// The events by which an actor can come into an order with others, as acts on an object. Everything else that a trace
// holds (switches, blocks, allocations, failed attempts) orders nothing and is no act. Nor are the standard library's
// own atomics (counts of shared pointers) where no frame is the user's: nobody would know them again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "analyzer/detect/detector.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

struct Deed {
  Act act = Act::access;
  std::uint64_t object = 0;  // id of a sync object; address of an atomic
  ActorId other{};           // whom it creates or joins
  std::uint64_t message = 0;
  bool by_address = false;
};

class Deeds {
 public:
  explicit Deeds(const Scene& scene) : scene_(scene) {}
  std::optional<Deed> of(const Step& step);

 private:
  bool is_users(const Place& place);

  const Scene scene_;
  std::map<Place, bool> users_;
};

}  // namespace gordian::analysis
