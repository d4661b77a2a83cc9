// SPDX-License-Identifier: Apache-2.0
// The access family: 64-bit words, so that instrumented code appends one with a single store. A word with the top bit
// clear is a plain access: bits 46..0 address, bits 62..47 index of the access site in the innermost recorded function
// (which says file, line, size, read or write). A word with the top bit set is a control word: bits 62..58 type, the
// rest payload; some types are followed by operand words.
#pragma once

#include <cstdint>
#include <optional>

namespace gordian::trace {

inline constexpr unsigned kAddressBits = 47;
inline constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << kAddressBits) - 1;
inline constexpr std::uint64_t kMaxPlainSite = 0xffff;  // larger site indices use ControlType::wide
inline constexpr std::uint64_t kControlBit = std::uint64_t{1} << 63;
inline constexpr unsigned kControlShift = 58;
inline constexpr std::uint64_t kControlPayloadMask = (std::uint64_t{1} << kControlShift) - 1;

enum class ControlType : std::uint8_t {
  // payload: how many synchronisation events this stream had written; accesses that follow lie after the last of them.
  marker = 1,
  // payload: pop in bits 31..0 (kPopAll: forget everything), push count in bits 57..32; one operand word per push:
  // the parent's call site << 32 | function id.
  stack = 2,
  // payload: site; operands: address, byte length. One contiguous range, all bytes accessed.
  range = 3,
  // payload: site; operands: address, count, stride in bytes (two's complement). count accesses of the site's size.
  strided = 4,
  // payload: site; operand: address. An access whose site index does not fit a plain word.
  wide = 5,
  // payload: site; operands: address, count, stride, rows, distance of the rows in bytes (two's complement). As many
  // `strided` ones, one for each row.
  matrix = 6,
  // payload: site in bits 15..0, `of ranges` in bit 16, shift in bits 20..17, 8 at most, count in bits 57..32;
  // operands:
  // address, `count` words of bits. If bit i of them is set, bit 0 of the first one being number 0: an access of the
  // site to
  // address + (i << shift). Of ranges, whose shift is 6 at most: for bits i to j that are set as one, a `range` of all
  // bytes from there to address + (j + 1 << shift).
  bitmap = 7,
};

inline constexpr std::uint64_t kPopAll = 0xffffffff;
inline constexpr unsigned kMostBitmapShift = 8;
inline constexpr unsigned kMostRangeShift = 6;
inline constexpr unsigned kBitmapShiftShift = 17;
inline constexpr unsigned kBitmapShiftMask = 0xf;
inline constexpr std::uint64_t kBitmapOfRanges = std::uint64_t{1} << 16;

constexpr std::uint64_t access_word(std::uint64_t site, std::uint64_t address) noexcept {
  return site << kAddressBits | (address & kAddressMask);
}
constexpr std::uint64_t control_word(ControlType type, std::uint64_t payload) noexcept {
  return kControlBit | static_cast<std::uint64_t>(type) << kControlShift | (payload & kControlPayloadMask);
}
constexpr std::uint64_t stack_word(std::uint64_t pop, std::uint64_t push_count) noexcept {
  return control_word(ControlType::stack, push_count << 32 | pop);
}
// A site, or one | kBitmapOfRanges.
constexpr std::uint64_t bitmap_word(std::uint64_t site, unsigned shift, std::uint64_t count) noexcept {
  return control_word(ControlType::bitmap, count << 32 | std::uint64_t{shift} << kBitmapShiftShift | site);
}
constexpr bool is_control(std::uint64_t word) noexcept { return (word & kControlBit) != 0; }
constexpr ControlType control_type(std::uint64_t word) noexcept {
  return static_cast<ControlType>(word >> kControlShift & 0x1f);
}
// Words that follow a control word; none: of a type that nobody knows.
constexpr std::optional<std::uint64_t> operand_count(std::uint64_t word) noexcept {
  switch (control_type(word)) {
    case ControlType::marker:
      return 0;
    case ControlType::stack:
      return (word & kControlPayloadMask) >> 32;
    case ControlType::range:
      return 2;
    case ControlType::strided:
      return 3;
    case ControlType::wide:
      return 1;
    case ControlType::matrix:
      return 5;
    case ControlType::bitmap:
      return 1 + ((word & kControlPayloadMask) >> 32);
  }
  return std::nullopt;
}
// Of a record of one of the types that have no list of operands.
constexpr std::uint64_t words_of(ControlType type) noexcept { return 1 + *operand_count(control_word(type, 0)); }
inline constexpr std::uint64_t kMostRangeWords = words_of(ControlType::matrix);  // of accesses

constexpr std::uint64_t control_payload(std::uint64_t word) noexcept { return word & kControlPayloadMask; }

}  // namespace gordian::trace
