// SPDX-License-Identifier: Apache-2.0
// Channels. A handle is cheap to copy, copies share one channel, and operations are const, so a lambda that captures a
// channel by value can use it. Default-constructed it is nil: sends and receives block for ever. Source: Go spec,
// "Channel types", "Send statements", "Receive operator", "Close"; Go memory model, "Channel communication".
//
//   auto jobs = gordian::make_chan<int>(4);
//   gordian::go([jobs] { for (int j : jobs) work(j); });
//   jobs.send(1);
//   jobs.close();
#pragma once

#include <cstdint>

#include "gordian/detail/channel_sides.h"

namespace gordian {

// The sending end, Go's chan<- T.
template <class T>
class SendChan : public detail::Handle, public detail::SendSide<SendChan<T>, T> {
 public:
  using value_type = T;
  SendChan() = default;
  SendChan(std::nullptr_t) noexcept {}
  explicit SendChan(const detail::Handle& handle) : Handle(handle) {}
};

// The receiving end, Go's <-chan T. It can be ranged over.
template <class T>
class RecvChan : public detail::Handle, public detail::RecvSide<RecvChan<T>, T> {
 public:
  using value_type = T;
  RecvChan() = default;
  RecvChan(std::nullptr_t) noexcept {}
  explicit RecvChan(const detail::Handle& handle) : Handle(handle) {}
};

// Both ends; converts to either.
template <class T>
class Chan : public detail::Handle, public detail::SendSide<Chan<T>, T>, public detail::RecvSide<Chan<T>, T> {
 public:
  using value_type = T;
  Chan() = default;
  Chan(std::nullptr_t) noexcept {}
  explicit Chan(detail::Channel* adopted) noexcept : Handle(adopted) {}
  operator SendChan<T>() const { return SendChan<T>(static_cast<const detail::Handle&>(*this)); }
  operator RecvChan<T>() const { return RecvChan<T>(static_cast<const detail::Handle&>(*this)); }
};

// A new channel with room for `capacity` values; 0: every send waits for its receiver. Throws Panic "makechan: size out
// of range". Records Object at its first use.
template <class T>
[[nodiscard]] Chan<T> make_chan(std::int64_t capacity = 0) {
  detail::Channel* channel = nullptr;
  if constexpr (std::is_void_v<T>) {
    channel = detail::channel_make(0, capacity, nullptr);
  } else {
    channel = detail::channel_make(detail::Parcel<T>::kBytes, capacity, detail::Parcel<T>::kDrop);
  }
  if (channel == nullptr) {
    detail::throw_panic(detail::PanicCode::chan_size);
  }
  return Chan<T>(channel);
}

}  // namespace gordian
