// SPDX-License-Identifier: Apache-2.0
// A long array of times whose copies share what they have in common: a table of chunks, each chunk and the table itself
// copied when one of those who share it changes it. Among thousands of goroutines most clocks differ from the clock
// that they were copied from in a few slots, and two that share a chunk need not compare it.
//
// For one thread: who shares what is counted, not locked.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "analyzer/model/epoch.h"

namespace gordian::analysis {

class SharedTimes {
 public:
  static constexpr std::size_t kChunk = 128;  // times in a chunk

  // 0 where nothing was set.
  [[nodiscard]] Time at(Slot slot) const {
    const Chunk* const chunk = chunk_at(slot / kChunk);
    return chunk != nullptr ? (*chunk)[slot % kChunk] : 0;
  }
  void set(Slot slot, Time time) { own(own_table(slot / kChunk)[slot / kChunk])[slot % kChunk] = time; }
  void clear() { table_.reset(); }

  // The later time of each slot.
  void join(const SharedTimes& other) {
    if (table_ == other.table_ || other.table_ == nullptr) {
      return;
    }
    if (table_ == nullptr) {
      table_ = other.table_;
      return;
    }
    const Table& theirs = *other.table_;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (theirs[i] != nullptr && theirs[i].get() != chunk_at(i)) {
        join_chunk(i, theirs[i]);
      }
    }
  }

  friend bool operator==(const SharedTimes& a, const SharedTimes& b) {
    if (a.table_ == b.table_) {
      return true;
    }
    static constexpr Chunk kNothing{};
    const std::size_t chunks = std::max(a.chunks(), b.chunks());
    for (std::size_t i = 0; i < chunks; ++i) {
      const Chunk* const mine = a.chunk_at(i);
      const Chunk* const theirs = b.chunk_at(i);
      if (mine != theirs && (mine ? *mine : kNothing) != (theirs ? *theirs : kNothing)) {
        return false;
      }
    }
    return true;
  }

 private:
  using Chunk = std::array<Time, kChunk>;
  using Table = std::vector<std::shared_ptr<Chunk>>;

  [[nodiscard]] std::size_t chunks() const { return table_ != nullptr ? table_->size() : 0; }
  [[nodiscard]] const Chunk* chunk_at(std::size_t index) const {
    return index < chunks() ? (*table_)[index].get() : nullptr;
  }

  // For writing: the table with a place for that chunk, the chunk itself.
  Table& own_table(std::size_t index) {
    if (table_ == nullptr || table_.use_count() > 1) {
      table_ = table_ == nullptr ? std::make_shared<Table>() : std::make_shared<Table>(*table_);
    }
    if (table_->size() <= index) {
      table_->resize(index + 1);
    }
    return *table_;
  }
  static Chunk& own(std::shared_ptr<Chunk>& chunk) {
    if (chunk == nullptr || chunk.use_count() > 1) {
      chunk = chunk == nullptr ? std::make_shared<Chunk>() : std::make_shared<Chunk>(*chunk);
    }
    return *chunk;
  }

  void join_chunk(std::size_t index, const std::shared_ptr<Chunk>& theirs) {
    const Chunk* const mine = chunk_at(index);
    if (mine == nullptr || !has_later(*mine, *theirs)) {
      own_table(index)[index] = theirs;
    } else if (has_later(*theirs, *mine)) {
      Chunk& joined = own(own_table(index)[index]);
      for (std::size_t i = 0; i < kChunk; ++i) {
        joined[i] = std::max(joined[i], (*theirs)[i]);
      }
    }
  }
  // Is one of its times later than the other's?
  static bool has_later(const Chunk& chunk, const Chunk& other) {
    unsigned later = 0;
    for (std::size_t i = 0; i < kChunk; ++i) {
      later |= chunk[i] > other[i] ? 1u : 0u;
    }
    return later != 0;
  }

  std::shared_ptr<Table> table_;  // nullptr: nothing is set
};

}  // namespace gordian::analysis
