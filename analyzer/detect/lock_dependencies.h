// SPDX-License-Identifier: Apache-2.0
// Lock dependencies: somebody requested a lock while holding others (K. Havelund, SPIN 2000; Y. Cai and W. Chan,
// "MagicFuzzer", ICSE 2012). Dependencies that differ only in the actor are one class, so that a thousand workers with
// the same code cost as much as one. A request counts even if it was never granted; a successful try-lock is held, and
// so waited for, but never waits itself.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "analyzer/detect/hard_order.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

// One actor's share in a class.
struct LockRequester {
  ActorId actor{};
  std::vector<Moment> moments;  // when; at most kMaxMoments
  Place request;                // of the first request
  std::vector<HeldLock> holds;  // then, in locking order
  std::uint64_t count = 0;
};

using HeldSet = std::vector<std::pair<ObjectId, trace::LockMode>>;  // ascending

struct LockDependency {
  ObjectId lock{};
  trace::LockMode mode = trace::LockMode::exclusive;
  HeldSet held;  // may contain `lock`: a recursive read lock, or a self-deadlock. Empty only for write requests of
                 // RWMutexes
  std::vector<LockRequester> requesters;  // at most kMaxRequesters
  std::uint64_t count = 0;
};

class LockDependencies {
 public:
  static constexpr std::size_t kMaxRequesters = 64;
  static constexpr std::size_t kMaxMoments = 64;
  static constexpr std::size_t kMaxHeld = std::size_t{1} << 22;  // in all held sets together

  explicit LockDependencies(const World& world) : world_(world) {}

  void step(const Step& step);
  // In the order in which they first occurred.
  [[nodiscard]] const std::vector<LockDependency>& all() const { return dependencies_; }
  // False: more locks were held at once than there is room for.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  void request(const Step& step, ObjectId lock, trace::LockMode mode);
  LockRequester* requester(LockDependency& dependency, ActorId actor);
  LockDependency& dependency(ObjectId lock, trace::LockMode mode, std::span<const HeldLock> holds);

  const World& world_;
  HardOrder order_;
  std::vector<LockDependency> dependencies_;
  std::size_t room_ = kMaxHeld;
  bool complete_ = true;
  // By a hash of what they are about: number + 1 of the latest one, and of each the one before that has the same.
  FlatMap<std::uint64_t, std::size_t> latest_;
  std::vector<std::size_t> before_;
  std::map<ActorId, ObjectId> pending_;  // requested by a Block, not granted yet
};

}  // namespace gordian::analysis
