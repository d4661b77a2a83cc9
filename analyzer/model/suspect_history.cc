// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/suspect_history.h"

#include <algorithm>

namespace gordian::analysis {

void SuspectHistory::elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                              std::uint64_t step, const VectorClock& knows) {
  if (suspects_.are_all()) {
    return history_.elements(access, address, size, count, step, knows);
  }
  if (count == 0 || size == 0) {
    return;
  }
  suspects_.visit(address, (count - 1) * step + size, [&](std::uint64_t granule) {
    const std::uint64_t end = granule + Shadow::kGranule;
    // The elements that end behind the granule's begin and begin before its end.
    std::uint64_t first = 0;
    std::uint64_t last = count - 1;
    if (step > 0) {
      first = address + size > granule ? 0 : (granule - address - size) / step + 1;
      last = std::min(last, end > address ? (end - 1 - address) / step : 0);
    }
    for (std::uint64_t i = first; i <= last; ++i) {
      const std::uint64_t begin = std::max(address + i * step, granule);
      const std::uint64_t stop = std::min(address + i * step + size, end);
      if (begin < stop) {
        history_.access(access, begin, stop - begin, knows);
      }
      if (step == 0) {
        break;
      }
    }
  });
}

void SuspectHistory::accesses(const PastAccess& common, std::span<const PlainAccess> accesses,
                              const VectorClock& knows) {
  chosen_.clear();
  std::ranges::copy_if(accesses, std::back_inserter(chosen_),
                       [&](const PlainAccess& access) { return suspects_.has_any(access.address, access.size); });
  if (!chosen_.empty()) {
    history_.accesses(common, chosen_, knows);
  }
}

void SuspectHistory::end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size,
                              const VectorClock& knows) {
  if (suspects_.has_any(address, size)) {
    history_.end_life(end, address, size, knows);
  } else {
    history_.forget(address, size);
  }
}

}  // namespace gordian::analysis
