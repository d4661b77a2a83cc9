// SPDX-License-Identifier: Apache-2.0
#include "runtime/trace/packed_words.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/bits.h"
#include "runtime/trace/packed_model.h"

namespace gordian::trace {
namespace packed {
namespace {

constexpr auto kTagMasks = [] {
  std::array<std::uint64_t, kTagBytes.size()> masks{};
  for (std::size_t tag = 0; tag < masks.size(); ++tag) {
    masks[tag] = kTagBytes[tag] == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * kTagBytes[tag]) - 1;
  }
  return masks;
}();

// Bytes that are still to be read. Behind the last one there are zeros to look at, but none to skip.
class Unread {
 public:
  explicit Unread(std::span<const std::uint8_t> bytes) noexcept : at_(bytes.data()), end_(at_ + bytes.size()) {}
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  // The next eight.
  [[nodiscard]] std::uint64_t look() const noexcept {
    std::uint64_t number = 0;
    if (left() >= sizeof number) [[likely]] {
      std::memcpy(&number, at_, sizeof number);
    } else if (left() != 0) {
      std::memcpy(&number, at_, left());
    }
    return number;
  }
  bool skip(std::size_t count) noexcept {
    if (count > left()) {
      return false;
    }
    at_ += count;
    return true;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// Which item does the tag tell, with its number?
std::uint64_t take(Cursor& cursor, unsigned tag, std::uint64_t number) noexcept {
  if (tag == kFollowed || tag == kLiteral) {
    const std::uint64_t item = tag == kFollowed ? cursor.follower() : number;
    cursor.learn(item, slot_of(item));
    return item;
  }
  const bool is_keyed = tag >= kKeyed;
  const bool is_beside = is_keyed ? (number >> kSlotBits & 1) != 0 : tag >= kBeside;
  const std::uint64_t slot = is_keyed ? number & kSlotMask : cursor.next_slot();
  const std::int64_t distance = unzigzag(is_keyed ? number >> (kSlotBits + 1) : number);
  const std::uint64_t from = is_beside ? cursor.beside(slot) : cursor.near(slot);
  const std::uint64_t item = from + static_cast<std::uint64_t>(distance);
  cursor.learn(item, slot);
  return item;
}

// Writes the words that items stand for. False: no room, too few verbatim words, or an item that nobody writes.
class Words {
 public:
  Words(std::span<std::uint64_t> out, std::span<const std::uint8_t> verbatim) noexcept
      : out_(out.data()), end_(out_ + out.size()), verbatim_(verbatim) {}
  [[nodiscard]] bool are_whole() const noexcept { return out_ == end_ && verbatim_.left() == 0; }

  bool put(std::uint64_t item) noexcept {
    if (out_ == end_) {
      return false;
    }
    if (!is_control(item)) {
      *out_++ = item;
      return true;
    }
    return has_address(item) ? put_range(item) : put_control(item);
  }

 private:
  bool put_range(std::uint64_t item) noexcept {
    const auto type = static_cast<ControlType>(type_of(item) - kAddress);
    if (type < ControlType::range || type > ControlType::bitmap || end_ - out_ < 2) {
      return false;
    }
    *out_++ = control_word(type, sub_of(item) | (type == ControlType::bitmap ? shape_ << kBitmapSiteBits : 0));
    *out_++ = item & kAddressMask;
    return true;
  }

  bool put_control(std::uint64_t item) noexcept {
    const std::uint64_t value = item & kAddressMask;
    const std::uint64_t sub = sub_of(item);
    switch (type_of(item)) {
      case kVerbatim:
        *out_++ = verbatim_.look();
        return verbatim_.skip(sizeof(std::uint64_t));
      case static_cast<std::uint64_t>(ControlType::marker):
        marker_ += with_sign(value);
        *out_++ = marker_;
        return true;
      case static_cast<std::uint64_t>(ControlType::stack):
        *out_++ = stack_word((sub & kShapePopAll) == kShapePopAll ? kPopAll : sub & kShapePopAll, sub >> kShapePopBits);
        return true;
      case kShape:
        shape_ = value;
        return true;
      case kOperand:
        *out_++ = with_sign(value);
        return true;
      case kPush:
        *out_++ = value << 32 | value >> 32 << kSubBits | sub;
        return true;
      default:
        return false;
    }
  }

  std::uint64_t* out_;
  const std::uint64_t* end_;
  Unread verbatim_;
  std::uint64_t marker_ = kFirstMarker;  // the last one
  std::uint64_t shape_ = 0;              // of the next bitmap
};

bool unpack(std::uint32_t items, Unread tags, Unread numbers, Words words, Tables& tables) noexcept {
  Cursor cursor(tables);
  while (items != 0) {
    std::uint64_t group = tags.look();
    const std::uint32_t count = std::min<std::uint32_t>(items, kTagGroup);
    for (std::uint32_t i = 0; i < count; ++i, group >>= 4) {
      const unsigned tag = group & 0xf;
      const std::uint64_t item = take(cursor, tag, numbers.look() & kTagMasks[tag]);
      if (!numbers.skip(kTagBytes[tag]) || !words.put(item)) {
        return false;
      }
    }
    tags.skip(kTagGroup / 2);
    items -= count;
  }
  return words.are_whole() && numbers.left() == 0;
}

}  // namespace
}  // namespace packed

bool unpack_words(std::span<const std::uint8_t> stored, std::span<std::uint64_t> words) {
  packed::Head head;
  if (stored.size() < sizeof head) {
    return false;
  }
  std::memcpy(&head, stored.data(), sizeof head);
  stored = stored.subspan(sizeof head);
  const std::uint64_t verbatim_bytes = std::uint64_t{head.verbatim} * sizeof(std::uint64_t);
  const std::uint64_t tag_bytes = (std::uint64_t{head.items} + 1) / 2;
  if (stored.size() < verbatim_bytes + tag_bytes) {
    return false;
  }
  const auto tables = std::make_unique_for_overwrite<packed::Tables>();
  return packed::unpack(head.items, packed::Unread(stored.subspan(verbatim_bytes, tag_bytes)),
                        packed::Unread(stored.subspan(verbatim_bytes + tag_bytes)),
                        packed::Words(words, stored.first(verbatim_bytes)), *tables);
}

}  // namespace gordian::trace
