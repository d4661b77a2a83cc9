// SPDX-License-Identifier: Apache-2.0
// What was done to a granule: the head of its history, whose accesses follow it in memory. One access of a key in all
// but bytes and time (Mark::is_like) for each byte, the latest, as far as those that are searched tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "analyzer/model/epoch.h"
#include "analyzer/model/mark.h"

namespace gordian::analysis {

struct History {
  static constexpr std::size_t kShort = 20;    // all of its accesses are searched for one to replace
  static constexpr std::size_t kSearched = 8;  // of a longer one: the latest

  // All accesses (writes) in it happen before whoever knows this epoch: such a one races with none of them, which is
  // the usual case and needs no look at the accesses.
  Epoch all;
  Epoch writes;
  std::uint32_t size = 0;
  std::uint8_t log_units = 0;      // of the memory it has
  bool is_held : 1 = false;        // by one granule; of a shared one it is not known by how many
  bool is_remembered : 1 = false;  // a step leads to it
  bool is_shared : 1 = false;
  std::uint8_t seen = 0;  // collect(): by no granule, by one, by more

  struct Likes {
    bool is_covered = false;  // by one of the same time: what races with the access races with that
    bool has_place = false;   // it takes the place of one, or joins it
  };

  [[nodiscard]] bool is_own() const { return !is_remembered && !is_shared; }
  [[nodiscard]] std::span<Mark> past() { return {reinterpret_cast<Mark*>(this + 1), size}; }
  void push_back(const Mark& mark) { reinterpret_cast<Mark*>(this + 1)[size++] = mark; }
  [[nodiscard]] bool is_full() const { return size == capacity(); }
  [[nodiscard]] std::size_t capacity() const {
    return ((std::size_t{64} << log_units) - sizeof(History)) / sizeof(Mark);
  }

  // What there is of an access's like.
  [[nodiscard]] Likes likes(const Mark& mark);
  // Only if it has a place or there is room.
  void put(const Mark& mark);
  // For one more; false: there is none.
  bool make_room();

 private:
  std::span<Mark> searched() { return size <= kShort ? past() : past().last(kSearched); }
};
static_assert(sizeof(History) == 24 && sizeof(Mark) == 24);

}  // namespace gordian::analysis
