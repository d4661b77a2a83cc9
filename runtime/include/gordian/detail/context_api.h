// SPDX-License-Identifier: Apache-2.0
// The door to the runtime's contexts: nodes of a tree that knows its way down for cancelling and its way up for values.
// Counts and child lists are the runtime's own and order nothing; a cancellation is the closing of a channel.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "gordian/detail/channel_api.h"
#include "gordian/detail/timer_api.h"

namespace gordian {

// Why a context is over. The texts are Go's.
enum class ContextError : std::uint8_t { none = 0, canceled = 1, deadline_exceeded = 2 };

namespace detail {

struct ContextCore;  // null: the background

// A value with its key, looked up from descendants. Immutable.
class GORDIAN_API ContextEntry {
 public:
  ContextEntry() = default;
  ContextEntry(const ContextEntry&) = delete;
  ContextEntry& operator=(const ContextEntry&) = delete;
  virtual ~ContextEntry();
  // The value, if it is of this type and has this key; otherwise null.
  [[nodiscard]] virtual const void* find(const std::type_info& key_type, const void* key,
                                         const std::type_info& value_type) const noexcept = 0;
};

// Each returns a reference of its own.
GORDIAN_API ContextCore* context_cancelable(ContextCore* parent) noexcept;
GORDIAN_API ContextCore* context_with_deadline(ContextCore* parent, std::int64_t steady_ns) noexcept;
GORDIAN_API ContextCore* context_with_entry(ContextCore* parent, ContextEntry* owned) noexcept;
// entry(owned) runs in a goroutine of its own when the parent is over.
GORDIAN_API ContextCore* context_with_callback(ContextCore* parent, TimerBody* owned, Entry entry) noexcept;
GORDIAN_API void context_retain(ContextCore* core) noexcept;
GORDIAN_API void context_release(ContextCore* core) noexcept;

GORDIAN_API Channel* context_done(const ContextCore* core) noexcept;
GORDIAN_API Channel* context_share_done(const ContextCore* core) noexcept;  // a reference of its own
// An end that is seen is received from the done channel: what happened before the cancellation happened before this.
GORDIAN_API ContextError context_error(const ContextCore* core) noexcept;
GORDIAN_API std::exception_ptr context_cause(const ContextCore* core) noexcept;
GORDIAN_API bool context_deadline(const ContextCore* core, std::int64_t& steady_ns) noexcept;
// Up the tree, from core itself to the background.
GORDIAN_API const ContextCore* context_parent(const ContextCore* core) noexcept;
GORDIAN_API const ContextEntry* context_entry(const ContextCore* core) noexcept;

// Ends it and all below it; the first one decides the cause. True: this was the first.
GORDIAN_API bool context_cancel(ContextCore* core, ContextError error, std::exception_ptr cause) noexcept;
// Takes a callback out of the tree. True: it will not run.
GORDIAN_API bool context_withdraw(ContextCore* core) noexcept;

// A counted reference; the count orders nothing.
class ContextHandle {
 public:
  constexpr ContextHandle() noexcept = default;
  explicit ContextHandle(ContextCore* adopted) noexcept : core_(adopted) {}
  ContextHandle(const ContextHandle& other) noexcept : core_(other.core_) {
    if (core_ != nullptr) {
      context_retain(core_);
    }
  }
  ContextHandle(ContextHandle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  ContextHandle& operator=(ContextHandle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~ContextHandle() {
    if (core_ != nullptr) {
      context_release(core_);
    }
  }
  [[nodiscard]] ContextCore* get() const noexcept { return core_; }

 private:
  ContextCore* core_ = nullptr;
};

// A key as it is stored and compared: text by value, everything else as it is.
template <class K>
using ContextKey = std::conditional_t<std::is_convertible_v<const K&, std::string_view>, std::string, std::decay_t<K>>;

template <class K, class V>
class KeyedEntry final : public ContextEntry {
 public:
  KeyedEntry(K key, V value) : key_(std::move(key)), value_(std::move(value)) {}
  [[nodiscard]] const void* find(const std::type_info& key_type, const void* key,
                                 const std::type_info& value_type) const noexcept override {
    const bool same = key_type == typeid(K) && value_type == typeid(V) && *static_cast<const K*>(key) == key_;
    return same ? &value_ : nullptr;
  }

 private:
  const K key_;
  const V value_;
};

}  // namespace detail
}  // namespace gordian
