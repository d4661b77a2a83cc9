// SPDX-License-Identifier: Apache-2.0
// Some of a page's memory, to the half of a granule.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "analyzer/model/shadow.h"

namespace gordian::analysis {

class PageBits {
 public:
  static constexpr std::uint64_t kUnit = Shadow::kGranule / 2;  // bytes for each bit
  static constexpr std::uint64_t kUnits = Shadow::kPage / kUnit;

  static constexpr PageBits all() {
    PageBits bits;
    bits.words_.fill(~std::uint64_t{0});
    return bits;
  }
  // Of each granule the lower half, the upper one, or both: bits 1 and 2.
  static constexpr PageBits halves(unsigned which) {
    constexpr std::uint64_t kLower = 0x5555'5555'5555'5555;
    PageBits bits;
    bits.words_.fill(((which & 1) != 0 ? kLower : 0) | ((which & 2) != 0 ? kLower << 1 : 0));
    return bits;
  }
  // What bytes [begin, end) of the page touch.
  static constexpr PageBits of(std::uint64_t begin, std::uint64_t end) {
    PageBits bits;
    bits.add(begin, end);
    return bits;
  }
  // The halves that lie in bytes [begin, end) as a whole.
  static constexpr PageBits inside(std::uint64_t begin, std::uint64_t end) {
    begin = (begin + kUnit - 1) / kUnit * kUnit;
    end = end / kUnit * kUnit;
    return begin < end ? of(begin, end) : PageBits();
  }

  // What bytes [begin, end) touch, of which there is one at least.
  constexpr void add(std::uint64_t begin, std::uint64_t end) {
    std::uint64_t first = begin / kUnit;
    const std::uint64_t last = (end - 1) / kUnit;
    for (; first / kWord != last / kWord; first = (first / kWord + 1) * kWord) {
      words_[first / kWord] |= ~std::uint64_t{0} << first % kWord;
    }
    words_[last / kWord] |= ~std::uint64_t{0} << first % kWord & ~std::uint64_t{0} >> (kWord - 1 - last % kWord);
  }
  // Whether a page of them costs no more than one.
  static constexpr bool is_pattern(std::uint64_t step) { return step % kUnit == 0 && kWord * kUnit % step == 0; }
  // What `count` elements touch from byte `begin` on, `step` bytes apart, that all lie in the page.
  void add_elements(std::uint64_t begin, std::uint64_t size, std::uint64_t count, std::uint64_t step) {
    if (!is_pattern(step)) {
      for (std::uint64_t i = 0; i < count; ++i) {
        add(begin + i * step, begin + i * step + size);
      }
      return;
    }
    // Every word has the same of them.
    const std::uint64_t first = begin / kUnit;
    const std::uint64_t length = (begin + size - 1) / kUnit - first + 1;
    std::uint64_t pattern = length < kWord ? (std::uint64_t{1} << length) - 1 : ~std::uint64_t{0};
    for (std::uint64_t units = step / kUnit; units < kWord; units *= 2) {
      pattern |= pattern << units;
    }
    pattern = std::rotl(pattern, static_cast<int>(first % kWord));
    PageBits stretch = of(begin, begin + (count - 1) * step + size);
    for (std::uint64_t& word : stretch.words_) {
      word &= pattern;
    }
    *this |= stretch;
  }
  [[nodiscard]] constexpr bool any() const { return (words_[0] | words_[1] | words_[2] | words_[3]) != 0; }
  // Of a granule, by number: the lower half 1, the upper one 2.
  [[nodiscard]] unsigned halves_of(std::uint64_t granule) const {
    return static_cast<unsigned>(words_[2 * granule / kWord] >> (2 * granule % kWord)) & 3;
  }
  // visit(begin, end): bytes of the page, in their order, neighbours as one.
  template <class Visit>
  void visit(const Visit& visit) const {
    for (std::uint64_t begin = next(0, true); begin < kUnits;) {
      const std::uint64_t end = next(begin, false);
      visit(begin * kUnit, end * kUnit);
      begin = next(end, true);
    }
  }

  PageBits& operator|=(const PageBits& other) {
    return change(other, [](auto a, auto b) { return a | b; });
  }
  PageBits& operator&=(const PageBits& other) {
    return change(other, [](auto a, auto b) { return a & b; });
  }
  PageBits& operator-=(const PageBits& other) {
    return change(other, [](auto a, auto b) { return a & ~b; });
  }
  friend PageBits operator&(PageBits a, const PageBits& b) { return a &= b; }
  friend PageBits operator-(PageBits a, const PageBits& b) { return a -= b; }
  friend bool operator==(const PageBits&, const PageBits&) = default;

 private:
  static constexpr std::uint64_t kWord = 64;  // bits
  static_assert(kUnits == 4 * kWord);

  template <class Operation>
  PageBits& change(const PageBits& other, const Operation& operation) {
    std::ranges::transform(words_, other.words_, words_.begin(), operation);
    return *this;
  }
  // The first bit from there on that is like that.
  [[nodiscard]] std::uint64_t next(std::uint64_t from, bool is_set) const {
    for (; from < kUnits; from = (from / kWord + 1) * kWord) {
      const std::uint64_t word = is_set ? words_[from / kWord] : ~words_[from / kWord];
      if (const std::uint64_t rest = word >> from % kWord; rest != 0) {
        return from + static_cast<unsigned>(std::countr_zero(rest));
      }
    }
    return kUnits;
  }

  std::array<std::uint64_t, 4> words_{};
};

}  // namespace gordian::analysis
