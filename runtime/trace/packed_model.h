// SPDX-License-Identifier: Apache-2.0
// What both sides of the codec `packed` (packed_words.h, FORMAT.md section 9) know at each item of an access chunk. An
// item is 64 bits, a key of 17 over a value of 47, both in the places where an access word has site and address. What
// a key's last item was, and where it lay beside the one before, foretells its next one; the last two keys foretell the
// next. Nothing here can fail: whatever the items are, both sides come to the same tables.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "runtime/trace/access_word.h"

namespace gordian::trace::packed {

static_assert(std::endian::native == std::endian::little);

// What a chunk begins with. So many words follow that no item tells, then a tag of four bits for each item, then the
// numbers that the tags ask for.
struct Head {
  std::uint32_t items = 0;
  std::uint32_t verbatim = 0;
};
static_assert(sizeof(Head) == 8);

// Bits 62..58 of an item whose top bit is set. The word's own type, but for operands, and with kAddress for those that
// stand for two words and have the second, an address, as their value. A marker's value is how far it is from the last
// marker.
inline constexpr std::uint64_t kVerbatim = 0;  // the next word of those that no item tells
inline constexpr std::uint64_t kOperand = 6;   // of a range: value with its sign
inline constexpr std::uint64_t kPush = 7;      // of a stack: low bits of the function, value: call site and high bits
inline constexpr std::uint64_t kShape = 8;     // value: the payload of the bitmaps that follow, above the site
inline constexpr std::uint64_t kAddress = 16;

inline constexpr unsigned kBitmapSiteBits = 16;
inline constexpr std::uint64_t kBitmapSiteMask = kMaxPlainSite;
static_assert(kBitmapSiteMask == (std::uint64_t{1} << kBitmapSiteBits) - 1);

inline constexpr unsigned kSubBits = 11;  // of a control item's key: what tells it from others of its type
inline constexpr std::uint64_t kSubMask = (std::uint64_t{1} << kSubBits) - 1;
inline constexpr unsigned kFunctionBits = kSubBits + kAddressBits - 32;  // of a function that `push` can tell
inline constexpr unsigned kShapePopBits = 4;                             // a stack item's: push above pop
inline constexpr std::uint64_t kShapePopAll = (1 << kShapePopBits) - 1;

constexpr std::uint64_t control_item(std::uint64_t type, std::uint64_t sub, std::uint64_t value) noexcept {
  return kControlBit | type << kControlShift | sub << kAddressBits | (value & kAddressMask);
}
constexpr std::uint64_t sub_of(std::uint64_t item) noexcept { return item >> kAddressBits & kSubMask; }
constexpr std::uint64_t type_of(std::uint64_t item) noexcept { return item >> kControlShift & 0x1f; }
// Plain ones and those with kAddress: all but the lowest quarter, as signed numbers.
constexpr bool has_address(std::uint64_t item) noexcept {
  return static_cast<std::int64_t>(item) >= static_cast<std::int64_t>(control_item(kAddress, 0, 0));
}

inline constexpr std::uint64_t kFirstMarker = control_word(ControlType::marker, 0);

// A value of 47 bits as a number of 64 that may be negative.
constexpr std::uint64_t with_sign(std::uint64_t value) noexcept {
  constexpr unsigned kRest = 64 - kAddressBits;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(value << kRest) >> kRest);
}

// How an item is told. `followed`: it is what followed the last item before. `near`, `beside`: the key is the one
// foretold, the number is the distance from the key's last item, or from where it would lie beside the last address.
// `keyed`: the number also names the slot, and which of the two. `literal`: the item itself.
enum Tag : std::uint8_t { kFollowed = 0, kNear = 1, kBeside = 7, kKeyed = 11, kLiteral = 15 };
inline constexpr std::array<std::uint8_t, 16> kTagBytes = {0, 0, 1, 2, 3, 4, 6, 0, 1, 2, 4, 2, 3, 4, 6, 8};

inline constexpr std::size_t kTagGroup = 16;  // in eight bytes

inline constexpr unsigned kSlotBits = 10;
inline constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
inline constexpr std::uint64_t kSlotMask = kSlots - 1;

// By key. Types lie apart, 128 slots each, so that the few keys of a chunk seldom meet.
constexpr std::uint64_t slot_of(std::uint64_t item) noexcept {
  return (item >> kAddressBits ^ item >> (kAddressBits + 4)) & kSlotMask;
}

struct Slot {
  std::uint64_t item = 0;    // the last one
  std::uint64_t offset = 0;  // from the last address before it
};

struct Tables {
  std::array<Slot, kSlots> slots{};
  std::array<std::uint64_t, kSlots> followers{};  // by a hash of the item before
  std::array<std::uint16_t, kSlots> next{};       // slot, by those of the two items before
};

// Where in the chunk we are.
class Cursor {
 public:
  explicit Cursor(Tables& tables) noexcept : tables_(tables) { tables = {}; }

  [[nodiscard]] std::uint64_t next_slot() const noexcept { return tables_.next[context_]; }
  [[nodiscard]] std::uint64_t follower() const noexcept { return tables_.followers[place_]; }
  // What the slot's next item is near to, or exactly beside the last address.
  [[nodiscard]] std::uint64_t near(std::uint64_t slot) const noexcept { return tables_.slots[slot].item; }
  [[nodiscard]] std::uint64_t beside(std::uint64_t slot) const noexcept {
    return address_ + tables_.slots[slot].offset;
  }

  // The item is known now.
  void learn(std::uint64_t item, std::uint64_t slot) noexcept {
    tables_.slots[slot].item = item;
    tables_.slots[slot].offset = item - address_;
    tables_.followers[place_] = item;
    tables_.next[context_] = static_cast<std::uint16_t>(slot);
    place_ = item * 0x9e3779b97f4a7c15u >> (64 - kSlotBits);
    context_ = (slot ^ older_) & kSlotMask;
    older_ = slot << 5;
    address_ = has_address(item) ? item : address_;
  }

 private:
  Tables& tables_;
  std::uint64_t address_ = 0;  // the last item that has one
  std::uint64_t place_ = 0;    // in followers
  std::uint64_t context_ = 0;  // in next
  std::uint64_t older_ = 0;    // the last slot's part of the next context
};

}  // namespace gordian::trace::packed
