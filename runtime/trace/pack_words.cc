// SPDX-License-Identifier: Apache-2.0
// The writing half of packed_words.h, in two passes: words become items, which takes branches, and items become tags
// and numbers, which takes none. In one pass each unforeseen branch would throw away what was begun of the next items.
#include <algorithm>
#include <cstring>

#include "runtime/base/bits.h"
#include "runtime/trace/packed_model.h"
#include "runtime/trace/packed_words.h"

namespace gordian::trace {
namespace packed {
namespace {

// Finds the items that words stand for. They are no more than the words; what no item tells is kept apart.
class ItemWriter {
 public:
  ItemWriter(std::uint64_t* items, std::uint64_t* verbatim) noexcept : items_(items), verbatim_(verbatim) {}
  [[nodiscard]] std::uint64_t* items_end() const noexcept { return items_; }
  [[nodiscard]] std::uint64_t* verbatim_end() const noexcept { return verbatim_; }

  void take(std::span<const std::uint64_t> words) noexcept {
    const std::uint64_t* const end = words.data() + words.size();
    for (const std::uint64_t* at = words.data(); at != end;) {
      const std::uint64_t word = *at++;
      if (is_control(word)) {
        at = take_control(word, at, end);
      } else {
        *items_++ = word;
      }
    }
  }

 private:
  void put(std::uint64_t type, std::uint64_t sub, std::uint64_t value) noexcept {
    *items_++ = control_item(type, sub, value);
  }
  void put_verbatim(std::uint64_t word) noexcept {
    put(kVerbatim, 0, 0);
    *verbatim_++ = word;
  }

  // The word that stands before `at`, and its operands as far as there are any. Returns behind them.
  const std::uint64_t* take_control(std::uint64_t word, const std::uint64_t* at, const std::uint64_t* end) noexcept {
    switch (control_type(word)) {
      case ControlType::marker:
        take_marker(word);
        return at;
      case ControlType::stack:
        return take_stack(word, at, end);
      case ControlType::range:
      case ControlType::strided:
      case ControlType::wide:
      case ControlType::matrix:
        return take_range(word, at, end);
      case ControlType::bitmap:
        return take_bitmap(word, at, end);
    }
    put_verbatim(word);
    return at;
  }

  void take_marker(std::uint64_t word) noexcept {
    const std::uint64_t further = word - marker_;
    if (with_sign(further) != further) {
      put_verbatim(word);
      return;
    }
    put(static_cast<std::uint64_t>(ControlType::marker), 0, further);
    marker_ = word;
  }

  const std::uint64_t* take_stack(std::uint64_t word, const std::uint64_t* at, const std::uint64_t* end) noexcept {
    const std::uint64_t pop = control_payload(word) & 0xffffffff;
    const std::uint64_t push = control_payload(word) >> 32;
    const std::uint64_t shape = push << kShapePopBits | (pop == kPopAll ? kShapePopAll : pop);
    if (shape > kSubMask || (pop >= kShapePopAll && pop != kPopAll)) {
      put_verbatim(word);
      return at;
    }
    put(static_cast<std::uint64_t>(ControlType::stack), shape, 0);
    for (std::uint64_t i = 0; i < push && at != end; ++i) {
      const std::uint64_t frame = *at++;
      const std::uint64_t function = frame & 0xffffffff;
      if (function >> kFunctionBits != 0) {
        put_verbatim(frame);
      } else {
        put(kPush, function & kSubMask, function >> kSubBits << 32 | frame >> 32);
      }
    }
    return at;
  }

  const std::uint64_t* take_range(std::uint64_t word, const std::uint64_t* at, const std::uint64_t* end) noexcept {
    const std::uint64_t site = control_payload(word);
    if (site > kSubMask || at == end || *at > kAddressMask) {
      put_verbatim(word);
      return at;
    }
    return put_with_operands(word, site, at, end);
  }

  const std::uint64_t* take_bitmap(std::uint64_t word, const std::uint64_t* at, const std::uint64_t* end) noexcept {
    const std::uint64_t site = control_payload(word) & kBitmapSiteMask;
    const std::uint64_t shape = control_payload(word) >> kBitmapSiteBits;
    if (site > kSubMask || at == end || *at > kAddressMask) {
      put_verbatim(word);
      return at;
    }
    if (shape != shape_) {
      put(kShape, 0, shape);
      shape_ = shape;
    }
    return put_with_operands(word, site, at, end);
  }

  // Of a record whose first operand is an address.
  const std::uint64_t* put_with_operands(std::uint64_t word, std::uint64_t site, const std::uint64_t* at,
                                         const std::uint64_t* end) noexcept {
    put(kAddress | static_cast<std::uint64_t>(control_type(word)), site, *at++);
    const std::uint64_t more = *operand_count(word) - 1;
    for (std::uint64_t i = 0; i < more && at != end; ++i) {
      const std::uint64_t operand = *at++;
      if (with_sign(operand) != operand) {
        put_verbatim(operand);
      } else {
        put(kOperand, (2 * site + i) & kSubMask, operand);
      }
    }
    return at;
  }

  std::uint64_t* items_;
  std::uint64_t* verbatim_;
  std::uint64_t marker_ = kFirstMarker;  // the last one
  std::uint64_t shape_ = 0;              // of the last bitmap
};

// By whether `beside` is chosen, twice, and whether the key is as foretold; then by how many bits the distance has.
constexpr auto kTags = [] {
  std::array<std::array<std::uint8_t, 128>, 4> tags{};
  const auto fill = [&](std::size_t row, unsigned first, unsigned end, unsigned bits_taken) {
    tags[row].fill(kLiteral);
    for (unsigned tag = end; tag-- > first;) {
      std::fill_n(tags[row].begin(), 8 * kTagBytes[tag] - bits_taken + 1, static_cast<std::uint8_t>(tag));
    }
  };
  fill(0, kKeyed, kLiteral, kSlotBits + 1);
  fill(1, kNear, kBeside, 0);
  fill(2, kKeyed, kLiteral, kSlotBits + 1);
  fill(3, kBeside, kKeyed, 0);
  return tags;
}();

void store(std::uint8_t* at, std::uint64_t number) noexcept { std::memcpy(at, &number, sizeof number); }

// One tag per item, one number behind the other, and up to eight bytes more. Returns the end of the numbers. No branch:
// which way an item is told changes too often to be foreseen, and a branch that was not costs more than all the rest.
std::uint8_t* write_items(std::span<const std::uint64_t> items, Tables& tables, std::uint8_t* tags,
                          std::uint8_t* numbers) noexcept {
  Cursor cursor(tables);
  for (const std::uint64_t item : items) {
    const std::uint64_t slot = slot_of(item);
    const std::uint64_t near = zigzag(static_cast<std::int64_t>(item - cursor.near(slot)));
    const std::uint64_t beside = zigzag(static_cast<std::int64_t>(item - cursor.beside(slot)));
    const bool is_beside = beside < near;
    const bool is_next = cursor.next_slot() == slot;
    const std::uint64_t distance = is_beside ? beside : near;
    const std::uint64_t keyed = distance << (kSlotBits + 1) | std::uint64_t{is_beside} << kSlotBits | slot;
    const unsigned bits = 63u - static_cast<unsigned>(std::countl_zero(distance | 1)) + (distance != 0 ? 1 : 0);
    unsigned tag = kTags[2 * is_beside + is_next][bits];
    tag = cursor.follower() == item ? unsigned{kFollowed} : tag;
    std::uint64_t number = is_next ? distance : keyed;
    number = tag == kLiteral ? item : number;
    store(numbers, number);
    numbers += kTagBytes[tag];
    *tags++ = static_cast<std::uint8_t>(tag);
    cursor.learn(item, slot);
  }
  return numbers;
}

// Two to a byte. What stands behind the last tag is read, up to a whole group, and written if it shares the last byte.
void join_tags(const std::uint8_t* tags, std::size_t count, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < count; i += kTagGroup) {
    std::array<std::uint64_t, 2> group;
    std::memcpy(group.data(), tags + i, sizeof group);
    for (std::uint64_t& half : group) {
      half = (half | half >> 4) & 0x00ff00ff00ff00ff;
      half = (half | half >> 8) & 0x0000ffff0000ffff;
      half = (half | half >> 16) & 0xffffffff;
    }
    group[0] |= group[1] << 32;
    if (count - i >= kTagGroup) {
      store(out + i / 2, group[0]);
    } else {
      std::memcpy(out + i / 2, group.data(), (count - i + 1) / 2);
    }
  }
}

template <class Element>
Element* with_room(std::vector<Element>& vector, std::size_t size) {
  if (vector.size() < size) {
    vector.resize(size);
  }
  return vector.data();
}

}  // namespace
}  // namespace packed

WordPacker::WordPacker() : tables_(std::make_unique<packed::Tables>()) {}
WordPacker::WordPacker(WordPacker&&) noexcept = default;
WordPacker& WordPacker::operator=(WordPacker&&) noexcept = default;
WordPacker::~WordPacker() = default;

std::span<const std::uint8_t> WordPacker::pack(std::span<const std::uint64_t> words) {
  std::uint64_t* const items = packed::with_room(items_, words.size());
  std::uint64_t* const verbatim = packed::with_room(verbatim_, words.size());
  packed::ItemWriter writer(items, verbatim);
  writer.take(words);
  const packed::Head head{.items = static_cast<std::uint32_t>(writer.items_end() - items),
                          .verbatim = static_cast<std::uint32_t>(writer.verbatim_end() - verbatim)};
  const std::size_t verbatim_bytes = head.verbatim * sizeof(std::uint64_t);
  const std::size_t tags_at = sizeof head + verbatim_bytes;
  const std::size_t numbers_at = tags_at + (head.items + std::size_t{1}) / 2;
  std::uint8_t* const tags = packed::with_room(tags_, head.items + packed::kTagGroup);
  std::uint8_t* const out = packed::with_room(out_, numbers_at + (head.items + std::size_t{1}) * sizeof(std::uint64_t));
  std::memcpy(out, &head, sizeof head);
  if (verbatim_bytes != 0) {
    std::memcpy(out + sizeof head, verbatim, verbatim_bytes);
  }
  std::uint8_t* const end = packed::write_items({items, head.items}, *tables_, tags, out + numbers_at);
  tags[head.items] = 0;
  packed::join_tags(tags, head.items, out + tags_at);
  return {out, end};
}

}  // namespace gordian::trace
