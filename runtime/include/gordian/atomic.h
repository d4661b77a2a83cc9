// SPDX-License-Identifier: Apache-2.0
// Go's atomics: sequentially consistent, neither copyable nor movable. std::atomic is recorded as well, with its weaker
// orders; these are for those who want Go's words. Source: package sync/atomic (go1.23); Go memory model.
//
//   gordian::Atomic<int> hits;
//   hits.add(1);
//   gordian::AtomicValue config;
//   config.store(Config{...});
//   const auto now = config.load<Config>();
#pragma once

#include <any>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "gordian/detail/type_name.h"
#include "gordian/panic.h"
#include "gordian/sync.h"

namespace gordian {

// Integers, bool, pointers, any small trivially copyable type. Blocks on nothing. What happens before a write happens
// before a read that sees it. Records Atomic.
template <class T>
class Atomic {
 public:
  constexpr Atomic() noexcept : value_(T{}) {}
  constexpr explicit Atomic(T value) noexcept : value_(value) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  [[nodiscard]] T load() const noexcept { return value_.load(); }
  void store(T value) noexcept { value_.store(value); }
  // Returns the old value.
  T swap(T value) noexcept { return value_.exchange(value); }
  // Stores `wanted` if the value is `expected`. True if it did.
  bool compare_and_swap(T expected, T wanted) noexcept { return value_.compare_exchange_strong(expected, wanted); }

  // Returns the new value, as in Go. Wraps around.
  T add(T delta) noexcept
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  {
    using Unsigned = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Unsigned>(value_.fetch_add(delta)) + static_cast<Unsigned>(delta));
  }
  // Go's And and Or (the words are C++'s own): return the old value.
  T and_with(T mask) noexcept
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  {
    return value_.fetch_and(mask);
  }
  T or_with(T mask) noexcept
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  {
    return value_.fetch_or(mask);
  }

 private:
  std::atomic<T> value_;
};

// Holds a value of one type, decided by the first store. Readers do not wait for each other. What happens before a
// store happens before a load that sees it. Records Lock and Unlock of the RWMutex inside.
class AtomicValue {
 public:
  constexpr AtomicValue() noexcept = default;
  AtomicValue(const AtomicValue&) = delete;
  AtomicValue& operator=(const AtomicValue&) = delete;

  // The value; empty before the first store.
  [[nodiscard]] std::any load() const {
    const std::shared_lock guard(lock_);
    return value_;
  }
  // The value as a T. Throws Panic "interface conversion: interface {} is nil, not T" before the first store, and
  // likewise if it is of another type.
  template <class T>
  [[nodiscard]] T load() const {
    const std::shared_lock guard(lock_);
    const T* const value = std::any_cast<T>(&value_);
    if (value == nullptr) {
      const std::string found = value_.has_value() ? detail::type_name(value_.type()) : "nil";
      panic("interface conversion: interface {} is " + found + ", not " + detail::type_name(typeid(T)));
    }
    return *value;
  }
  // Throws Panic "sync/atomic: store of nil value into Value" for nullptr or an empty any, "sync/atomic: store of
  // inconsistently typed value into Value" if the first store was of another type.
  template <class T>
  void store(T value) {
    static_cast<void>(exchange("store", std::move(value)));
  }
  // The same, and returns what was there (empty before the first store).
  template <class T>
  std::any swap(T value) {
    return exchange("swap", std::move(value));
  }
  // Stores `wanted` if the value equals `expected`; nullptr as expected: if nothing was stored yet. True if it did.
  // Throws Panic as above, with "compare and swap".
  template <class Old, class T>
  bool compare_and_swap(const Old& expected, T wanted) {
    std::any next = boxed("compare and swap", std::move(wanted));
    const std::scoped_lock guard(lock_);
    if constexpr (std::is_same_v<Old, std::nullptr_t>) {
      if (value_.has_value()) {
        return false;
      }
    } else {
      if (typeid(Old) != next.type()) {
        panic("sync/atomic: compare and swap of inconsistently typed values");
      }
      check_type("compare and swap", next);
      const Old* const present = std::any_cast<Old>(&value_);
      if (present == nullptr || !(*present == expected)) {
        return false;
      }
    }
    value_ = std::move(next);
    return true;
  }

 private:
  template <class T>
  static std::any boxed(const char* deed, T value) {
    if constexpr (std::is_same_v<T, std::nullptr_t>) {
      panic(std::string("sync/atomic: ") + deed + " of nil value into Value");
    } else if constexpr (std::is_same_v<T, std::any>) {
      if (!value.has_value()) {
        panic(std::string("sync/atomic: ") + deed + " of nil value into Value");
      }
      return value;
    } else {
      return std::any(std::move(value));
    }
  }
  void check_type(const char* deed, const std::any& next) const {
    if (value_.has_value() && value_.type() != next.type()) {
      panic(std::string("sync/atomic: ") + deed + " of inconsistently typed value into Value");
    }
  }
  template <class T>
  std::any exchange(const char* deed, T value) {
    std::any next = boxed(deed, std::move(value));
    const std::scoped_lock guard(lock_);
    check_type(deed, next);
    value_.swap(next);
    return next;
  }

  mutable RWMutex lock_;
  std::any value_;
};

}  // namespace gordian
