// SPDX-License-Identifier: Apache-2.0
// Which accesses nothing orders. Feeds the merged trace to the clocks and the accesses, with what their actors know, to
// an access tracker.
//
// With an AccessHistory exact for the recorded accesses: a location is reported iff two accesses to a common byte of
// it, at least one of them a write or its end and not both atomic, are unordered; and each pair of sites for which that
// is so is reported at least once. The same with a SuspectHistory of what a SuspectFinder suspects.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/clocks.h"
#include "analyzer/model/access_tracker.h"
#include "analyzer/model/lockset.h"
#include "analyzer/model/patience.h"
#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

class HappensBefore : public Observer {
 public:
  // Of the trace: how long the program is said to have taken, how long it is itself.
  struct Size {
    std::uint64_t elapsed_ns = 0;
    std::uint64_t bytes = 0;
  };
  HappensBefore(const World& world, const StackTable& stacks, AccessTracker& history)
      : HappensBefore(world, stacks, history, Size()) {}
  HappensBefore(const World& world, const StackTable& stacks, AccessTracker& history, const Size& size)
      : world_(world), stacks_(stacks), history_(history), patience_(Patience::kFirst + patience_for(size)) {}

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override;
  void accesses(const AccessRun& run) override;
  void footprint(const Footprint& footprint) override;
  // Instead of step(), of a Free that must not come while somebody uses the memory: a race with whoever does, before or
  // after. Only the first `used` bytes were anybody's: a block has more room than was asked for, and the next owner's
  // allocation does not tell of that room.
  void end_life(const Step& step, const trace::Free& free, std::uint64_t used);
  // The memory becomes another object, or part of one: what was done to it before is over.
  void forget(std::uint64_t address, std::uint64_t size);

  // For who looks at a step before this does.
  [[nodiscard]] Clocks& clocks() { return clocks_; }

  // For the tracker's sink: who an access's actor number is, and what it held.
  [[nodiscard]] ActorId actor(const PastAccess& access) const { return clocks_.actors()[access.actor].id; }
  // How many releases its actor had done before. Of one to a variable of the thread that nobody can tell.
  [[nodiscard]] Time age(const PastAccess& access) const {
    return access.epoch.time - clocks_.actors()[access.actor].born;
  }
  [[nodiscard]] const std::vector<HeldLock>& held(const PastAccess& access) const {
    return locksets_.locks(access.lockset);
  }

  // Accesses of too many parts, which the tracker was not told of.
  [[nodiscard]] std::uint64_t left_out() const { return too_large_; }

 private:
  // One access may touch gigabytes, as pages or as elements. So many parts are looked at in any trace, so many more for
  // each access, and as many as the program's threads can have touched in the time that it took, if the trace is not
  // too short for that: a few bytes do not keep the analysis busy for ever, and what a program did in an hour is not
  // too much for it.
  static constexpr std::uint64_t kMostParts = std::uint64_t{1} << 40;  // of one access, whatever the time
  static constexpr std::uint64_t kPartsPerNs = 16;
  static constexpr std::uint64_t kPartsInShort = std::uint64_t{1} << 29;
  static constexpr std::uint64_t kPartsPerByte = 1024;
  static std::uint64_t patience_for(const Size& size) {
    const std::uint64_t most = kPartsInShort + size.bytes * kPartsPerByte;
    return std::min(size.elapsed_ns, most / kPartsPerNs) * kPartsPerNs;
  }
  // Of the locks that an actor holds, the last ones; they are only told, and decide nothing.
  static constexpr std::size_t kMostHeld = 64;

  struct Held {
    LocksetId lockset{};
    bool is_stale = true;
  };

  // A range of addresses that a thread calls its own, [low, high).
  struct ThreadLocals {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };

  void record(const Access& access);
  // An access of the actor now, all but its bytes.
  PastAccess present(ActorClock& actor, const Place& place, trace::AccessKind kind);
  void add_thread_locals(StreamId stream, const trace::Alloc& alloc);
  void enter(StreamId stream, ActorId actor);
  [[nodiscard]] bool is_thread_local(std::uint64_t address) const {
    return address - last_locals_.low < last_locals_.high - last_locals_.low;
  }
  void atomic(const Step& step, const trace::Atomic& event);
  void held_changes(const Step& step);
  LocksetId lockset(const ActorClock& actor);

  const World& world_;
  const StackTable& stacks_;
  Clocks clocks_;
  AccessTracker& history_;
  const bool wants_places_ = history_.wants_places();
  Patience patience_;
  std::uint64_t too_large_ = 0;
  LocksetTable locksets_;
  std::vector<Held> held_;  // by actor number
  std::unordered_map<StreamId, ThreadLocals> thread_locals_;
  ActorClock* last_actor_ = nullptr;
  StreamId last_stream_{};
  ThreadLocals last_locals_;  // of last_stream_
};

}  // namespace gordian::analysis
