// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/suspect_history.h"

#include <algorithm>
#include <iterator>

namespace gordian::analysis {

// Elements reach beyond what is suspect; nothing races there.
void SuspectHistory::elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                              std::uint64_t step, const VectorClock& knows) {
  if (suspects_.are_all()) {
    return history_.elements(access, address, size, count, step, knows);
  }
  if (count == 0 || size == 0) {
    return;
  }
  const bool is_one_piece = count == 1 || step == 0 || step == size;
  const std::uint64_t whole = (count - 1) * step + size;
  suspects_.visit(address, whole, [&](std::uint64_t begin, std::uint64_t end) {
    if (is_one_piece) {
      return history_.access(access, begin, end - begin, knows);
    }
    // Those that end behind the begin and begin before the end.
    const std::uint64_t first = begin < address + size ? 0 : (begin - address - size) / step + 1;
    const std::uint64_t last = std::min(count - 1, (end - 1 - address) / step);
    if (first <= last) {
      history_.elements(access, address + first * step, size, last - first + 1, step, knows);
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

// In parts that are no longer than a page: of those all is remembered, whether it was touched or not.
void SuspectHistory::end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size,
                              const VectorClock& knows) {
  if (suspects_.are_all()) {
    return history_.end_life(end, address, size, knows);
  }
  std::uint64_t behind = address;
  suspects_.visit(address, size, [&](std::uint64_t begin, std::uint64_t stop) {
    history_.forget(behind, begin - behind);
    while (begin < stop) {
      const std::uint64_t next = std::min(stop, (begin / Shadow::kPage + 1) * Shadow::kPage);
      history_.end_life(end, begin, next - begin, knows);
      begin = next;
    }
    behind = stop;
  });
  history_.forget(behind, address + size - behind);
}

}  // namespace gordian::analysis
