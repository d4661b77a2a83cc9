// SPDX-License-Identifier: Apache-2.0
// The door to the runtime's channels, type-erased. What travels is bytes that may be copied: small trivially copyable
// values as they are, everything else as a pointer to a box on the heap (Parcel). So user code, moves included, never
// runs under a channel's lock, and the moves that a recording sees are ordered by the channel itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "gordian/detail/api.h"
#include "gordian/panic.h"

namespace gordian {

enum class ChanStatus : std::uint8_t { ok, would_block, closed };

namespace detail {

struct Channel;

// Null if the capacity is out of range; the Panic is recorded. drop destroys one element left in a dying channel.
GORDIAN_API Channel* channel_make(std::size_t element_bytes, std::int64_t capacity, void (*drop)(void*)) noexcept;
GORDIAN_API void channel_retain(Channel* channel) noexcept;
GORDIAN_API void channel_release(Channel* channel) noexcept;
GORDIAN_API std::size_t channel_len(const Channel* channel) noexcept;
GORDIAN_API std::size_t channel_cap(const Channel* channel) noexcept;
// A null channel blocks for ever. False: closed (send: the Panic is recorded; receive: closed and drained).
GORDIAN_API bool channel_send(Channel* channel, void* element) noexcept;
GORDIAN_API bool channel_receive(Channel* channel, void* element) noexcept;
GORDIAN_API ChanStatus channel_try_send(Channel* channel, void* element) noexcept;
GORDIAN_API ChanStatus channel_try_receive(Channel* channel, void* element) noexcept;
GORDIAN_API PanicCode channel_close(Channel* channel) noexcept;

// One case of a select, as the runtime sees it. ok: written for the chosen case; a receive got a value, a send was not
// refused by a closed channel.
struct SelectSlot {
  Channel* channel = nullptr;
  void* element = nullptr;
  bool sends = false;
  bool ok = false;
};
// Blocks until one case is chosen and carried out, and returns its index; with has_default: returns count if none is
// ready.
GORDIAN_API std::size_t select_run(SelectSlot* slots, std::size_t count, bool has_default) noexcept;

inline constexpr std::size_t kMaxInlineElement = 128;
template <class T>
inline constexpr bool kTravelsInline =
    std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxInlineElement && alignof(T) <= alignof(std::max_align_t);

// The bytes that travel for one T, and their owner while they do not travel.
template <class T, bool = kTravelsInline<T>>
class Parcel {
 public:
  static constexpr std::size_t kBytes = sizeof(T);
  static constexpr void (*kDrop)(void*) = nullptr;
  Parcel() noexcept {}  // NOLINT(modernize-use-equals-default): defaulted, emplace() would clear the bytes
  template <class U>
  explicit Parcel(std::in_place_t, U&& value) {
    ::new (static_cast<void*>(bytes_)) T(std::forward<U>(value));
  }
  void* data() noexcept { return bytes_; }
  void sent() noexcept {}
  void received() noexcept {}
  T take() noexcept { return *std::launder(reinterpret_cast<T*>(bytes_)); }
  template <class U>
  void give_back(U&&) noexcept {}

 private:
  alignas(T) unsigned char bytes_[sizeof(T)];
};

template <class T>
class Parcel<T, false> {
 public:
  static constexpr std::size_t kBytes = sizeof(T*);
  static constexpr void (*kDrop)(void*) = [](void* element) { delete *static_cast<T**>(element); };
  Parcel() noexcept = default;
  template <class U>
  explicit Parcel(std::in_place_t, U&& value) : box_(new T(std::forward<U>(value))), owned_(true) {}
  ~Parcel() {
    if (owned_) {
      delete box_;
    }
  }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;
  void* data() noexcept { return &box_; }
  void sent() noexcept { owned_ = false; }
  void received() noexcept { owned_ = true; }
  T take() { return std::move(*box_); }
  // An unsent value that was moved in returns to where it came from.
  template <class U>
  void give_back(U&& origin) {
    if constexpr (!std::is_lvalue_reference_v<U> && std::is_same_v<std::remove_cvref_t<U>, T> && !std::is_const_v<U>) {
      if constexpr (std::is_move_assignable_v<T>) {
        origin = std::move(*box_);
      } else {
        std::destroy_at(std::addressof(origin));
        std::construct_at(std::addressof(origin), std::move(*box_));
      }
    }
  }

 private:
  T* box_ = nullptr;
  bool owned_ = false;
};

}  // namespace detail
}  // namespace gordian
