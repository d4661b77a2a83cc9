// SPDX-License-Identifier: Apache-2.0
// From ids to values, in one piece of memory (open addressing, linear probing): nearly every event looks up an object
// and an actor. Grows only; values move when it does. Any key is allowed, a damaged trace holds any.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gordian::analysis {

template <class Key, class Value>
class FlatMap {
 public:
  FlatMap() : slots_(kFirstSize) {}

  [[nodiscard]] const Value* find(Key key) const {
    const Slot& slot = slots_[place(key)];
    return slot.used ? &slot.value : nullptr;
  }

  // The value of the key; a new one if it has none yet.
  Value& operator[](Key key) {
    std::size_t at = place(key);
    if (!slots_[at].used) {
      if (++size_ * 2 > slots_.size()) {
        grow();
        at = place(key);
      }
      slots_[at].used = true;
      slots_[at].key = key;
    }
    return slots_[at].value;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFirstSize = 16;

  struct Slot {
    Key key{};
    bool used = false;
    Value value{};
  };

  static std::uint64_t number(std::uint64_t key) { return key; }
  template <class Id>
  static std::uint64_t number(Id id) {
    return id.value;
  }

  // Where the key is, or would be.
  [[nodiscard]] std::size_t place(Key key) const {
    const int bits = std::countr_zero(slots_.size());
    std::size_t at = number(key) * 0x9e3779b97f4a7c15u >> (64 - bits);
    while (slots_[at].used && slots_[at].key != key) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (slot.used) {
        slots_[place(slot.key)] = std::move(slot);
      }
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace gordian::analysis
