// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/histories.h"

#include <new>
#include <utility>

#include "runtime/base/check.h"

namespace gordian::analysis {

HistoryId Histories::add(std::size_t capacity) {
  const std::size_t bytes = sizeof(History) + capacity * sizeof(Mark);
  const std::size_t needed = std::bit_ceil((bytes + sizeof(Unit) - 1) / sizeof(Unit));
  const auto log_units = static_cast<std::uint8_t>(std::countr_zero(needed));
  std::vector<HistoryId>& free = free_[log_units];
  HistoryId id;
  if (!free.empty()) {
    id = free.back();
    free.pop_back();
  } else {
    if (next_ + needed > chunks_.size() * kChunk) {
      const std::size_t chunks = (needed + kChunk) / kChunk;  // the first unit of all is nobody's
      memory_.push_back(std::make_unique_for_overwrite<Unit[]>(chunks * kChunk));
      next_ = chunks_.size() * kChunk + (chunks_.empty() ? 1 : 0);
      for (std::size_t i = 0; i < chunks; ++i) {
        chunks_.push_back(memory_.back().get() + i * kChunk);
      }
      growth_ += chunks * kChunk * sizeof(Unit);
    }
    GORDIAN_CHECK(next_ + needed <= kMostBytes / sizeof(Unit));
    id = HistoryId(static_cast<std::uint32_t>(next_));
    next_ += needed;
  }
  History& added = *new (&chunks_[id.value / kChunk][id.value % kChunk]) History();
  added.log_units = log_units;
  added.is_held = true;
  return id;
}

void Histories::share(HistoryId id) {
  History& history = at(id);
  if (id && !history.is_shared) {
    history.is_shared = true;
    shared_.push_back(id);
  }
}

void Histories::leave(HistoryId id) {
  if (!id) {
    return;
  }
  History& history = at(id);
  if (!history.is_shared) {
    history.is_held = false;
    if (!history.is_remembered) {
      free(id);
    }
  }
}

void Histories::unremember(HistoryId id) {
  History& history = at(id);
  history.is_remembered = false;
  if (!history.is_shared && !history.is_held) {
    free(id);
  }
}

void Histories::free(HistoryId id) { freed_.push_back(without_note(id)); }

void Histories::recycle() {
  for (const HistoryId id : freed_) {
    free_[at(id).log_units].push_back(id);
  }
  freed_.clear();
}

void Histories::sweep() {
  std::erase_if(shared_, [this](HistoryId id) {
    History& history = at(id);
    const std::uint8_t seen = std::exchange(history.seen, 0);
    history.is_shared = seen > 1;
    history.is_held = seen == 1;
    if (seen == 0) {
      free(id);
    }
    return seen < 2;
  });
  kept_ = shared_.size();
}

}  // namespace gordian::analysis
