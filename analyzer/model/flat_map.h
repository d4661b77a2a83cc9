// SPDX-License-Identifier: Apache-2.0
// From ids to values, in one piece of memory (open addressing, linear probing): nearly every event looks up an object
// and an actor. Never shrinks; values move when it grows. Any key is allowed, a damaged trace holds any. StableMap is
// for values that must not move, or are large: each has a piece of memory of its own.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
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

  // What stands behind it in its row moves up, as if it had never been there.
  void erase(Key key) {
    std::size_t hole = place(key);
    if (!slots_[hole].used) {
      return;
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (hole + 1) & mask; slots_[at].used; at = (at + 1) & mask) {
      const std::size_t way = (at - home(slots_[at].key)) & mask;
      if (way >= ((at - hole) & mask)) {
        slots_[hole] = std::move(slots_[at]);
        hole = at;
      }
    }
    slots_[hole] = Slot();
    --size_;
  }

  // visit(key, value), in no order. It must not change the map.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.used) {
        visit(slot.key, slot.value);
      }
    }
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

  // Where its row begins.
  [[nodiscard]] std::size_t home(Key key) const {
    const int bits = std::countr_zero(slots_.size());
    return number(key) * 0x9e3779b97f4a7c15u >> (64 - bits);
  }
  // Where the key is, or would be.
  [[nodiscard]] std::size_t place(Key key) const {
    std::size_t at = home(key);
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

template <class Key, class Value>
class StableMap {
 public:
  // nullptr: none.
  [[nodiscard]] Value* find(Key key) const {
    const std::unique_ptr<Value>* const found = values_.find(key);
    return found != nullptr ? found->get() : nullptr;
  }
  Value& operator[](Key key) {
    std::unique_ptr<Value>& value = values_[key];
    if (value == nullptr) {
      value = std::make_unique<Value>();
    }
    return *value;
  }
  void erase(Key key) { values_.erase(key); }
  template <class Visit>
  void for_each(const Visit& visit) const {
    values_.for_each([&](Key key, const std::unique_ptr<Value>& value) { visit(key, *value); });
  }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  FlatMap<Key, std::unique_ptr<Value>> values_;
};

}  // namespace gordian::analysis
