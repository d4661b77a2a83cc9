// SPDX-License-Identifier: Apache-2.0
// The bits of a `bitmap` record (access_word.h).
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace gordian::trace {

inline constexpr std::uint64_t kBitsInWord = 64;

// visit(number, count) for each run of bits that are set, in order; a run may go on from word to word.
template <class Visit>
void visit_runs(std::span<const std::uint64_t> words, const Visit& visit) {
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // of the run that begins there
  for (std::uint64_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t bits = words[i]; bits != 0;) {
      const auto at = static_cast<unsigned>(std::countr_zero(bits));
      const auto set = static_cast<unsigned>(std::countr_one(bits >> at));
      const std::uint64_t number = i * kBitsInWord + at;
      if (number != end && first != end) {
        visit(first, end - first);
      }
      first = number != end ? number : first;
      end = number + set;
      bits = at + set == kBitsInWord ? 0 : bits >> (at + set) << (at + set);
    }
  }
  if (first != end) {
    visit(first, end - first);
  }
}

}  // namespace gordian::trace
