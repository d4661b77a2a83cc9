// SPDX-License-Identifier: Apache-2.0
// Who is told of every access in the merged order, and of what its actor knows then: AccessHistory remembers all that
// can matter to a race, SuspectFinder only enough to say where there may be one, SuspectHistory looks at those places.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/model/page_bits.h"
#include "analyzer/model/past_access.h"
#include "analyzer/model/step.h"
#include "analyzer/model/vector_clock.h"

namespace gordian::analysis {

class AccessTracker {
 public:
  virtual ~AccessTracker() = default;

  // False: of a PastAccess only actor, kind, epoch and ends_life are looked at.
  [[nodiscard]] virtual bool wants_places() const { return true; }

  // `knows` is what the actor knows, more and more of it while its time stays the same.
  void access(const PastAccess& access, std::uint64_t address, std::uint64_t size, const VectorClock& knows) {
    elements(access, address, size, 1, 0, knows);
  }
  // Of `count` equal elements, `step` bytes apart.
  virtual void elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                        std::uint64_t step, const VectorClock& knows) = 0;
  // Of many, which differ from `common` in kind and site.
  virtual void accesses(const PastAccess& common, std::span<const PlainAccess> accesses, const VectorClock& knows) = 0;
  // Of accesses of one kind, with nothing between them: the memory of the page at this address that they touch.
  virtual void footprint(const PastAccess& access, std::uint64_t page, const PageBits& bits, const VectorClock& knows) {
    bits.visit([&](std::uint64_t begin, std::uint64_t end) { this->access(access, page + begin, end - begin, knows); });
  }
  // The memory is given back, which no access may be unordered with.
  virtual void end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size, const VectorClock& knows) = 0;
  // The memory becomes another object: what was done to it before is over.
  virtual void forget(std::uint64_t address, std::uint64_t size) = 0;
  // Accesses, or pages of them, for which there was no room.
  [[nodiscard]] virtual std::uint64_t left_out() const = 0;
};

}  // namespace gordian::analysis
