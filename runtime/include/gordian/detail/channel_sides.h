// SPDX-License-Identifier: Apache-2.0
// The operations of a channel's two ends, written once and mixed into Chan, SendChan and RecvChan.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "gordian/detail/channel_api.h"

namespace gordian::detail {

class Handle;
inline Channel* core_of(const Handle& handle) noexcept;

// A counted reference to a channel. Copies are cheap and share it; the count orders nothing.
class Handle {
 public:
  constexpr Handle() noexcept = default;
  constexpr explicit Handle(Channel* adopted) noexcept : channel_(adopted) {}
  Handle(const Handle& other) noexcept : channel_(other.channel_) {
    if (channel_ != nullptr) {
      channel_retain(channel_);
    }
  }
  Handle(Handle&& other) noexcept : channel_(std::exchange(other.channel_, nullptr)) {}
  Handle& operator=(Handle other) noexcept {
    std::swap(channel_, other.channel_);
    return *this;
  }
  ~Handle() {
    if (channel_ != nullptr) {
      channel_release(channel_);
    }
  }

  // Is it a channel at all (not nil)?
  explicit operator bool() const noexcept { return channel_ != nullptr; }
  // Identity: do both name one channel?
  friend bool operator==(const Handle& a, const Handle& b) noexcept { return a.channel_ == b.channel_; }
  friend bool operator==(const Handle& a, std::nullptr_t) noexcept { return a.channel_ == nullptr; }

  // Values waiting in the buffer, and its size; 0 for nil. Unsynchronised glances, as in Go: they record and order
  // nothing.
  [[nodiscard]] std::size_t len() const noexcept { return channel_len(channel_); }
  [[nodiscard]] std::size_t cap() const noexcept { return channel_cap(channel_); }

  friend Channel* core_of(const Handle& handle) noexcept;

 private:
  Channel* channel_ = nullptr;
};

inline Channel* core_of(const Handle& handle) noexcept { return handle.channel_; }

template <class Derived, class T>
class SendSide {
 public:
  // Sends the value: blocks until a receiver or a buffer place takes it; on a nil channel for ever. What happens before
  // the k-th send happens before the k-th receive returns. Throws Panic "send on closed channel", also when close comes
  // while it waits. Records ChanSend, and Block if it parks.
  template <class U = T>
    requires std::is_constructible_v<T, U&&>
  void send(U&& value) const {
    Parcel<T> parcel(std::in_place, std::forward<U>(value));
    if (!channel_send(core(), parcel.data())) {
      throw_panic(PanicCode::send_on_closed);
    }
    parcel.sent();
  }

  // Sends if that needs no waiting; otherwise returns false and leaves the value unmoved. Throws and records like send;
  // a failure records ChanTryFailed.
  template <class U = T>
    requires std::is_constructible_v<T, U&&>
  [[nodiscard]] bool try_send(U&& value) const {
    Parcel<T> parcel(std::in_place, std::forward<U>(value));
    const ChanStatus status = channel_try_send(core(), parcel.data());
    if (status == ChanStatus::ok) {
      parcel.sent();
      return true;
    }
    parcel.template give_back<U&&>(std::forward<U>(value));  // NOLINT(bugprone-use-after-move): assigns to it
    if (status == ChanStatus::closed) {
      throw_panic(PanicCode::send_on_closed);
    }
    return false;
  }

  template <class U = T>
    requires std::is_constructible_v<T, U&&>
  friend const Derived& operator<<(const Derived& channel, U&& value) {
    channel.send(std::forward<U>(value));
    return channel;
  }

  // No more sends: receivers drain the buffer, then see "closed". Does not block. What happens before close happens
  // before a receive that returns because of it. Throws Panic "close of closed channel" or "close of nil channel".
  // Records ChanClose.
  void close() const {
    if (const PanicCode code = channel_close(core()); code != PanicCode::none) {
      throw_panic(code);
    }
  }

 private:
  [[nodiscard]] Channel* core() const noexcept { return core_of(static_cast<const Derived&>(*this)); }
};

// What `for (auto v : channel)` walks: receives until the channel is closed and drained. A value is moved out when it
// is dereferenced.
template <class T>
class ReceiveIterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  ReceiveIterator() = default;
  explicit ReceiveIterator(Channel* channel) : channel_(channel) { ++*this; }
  T&& operator*() const { return std::move(*value_); }
  ReceiveIterator& operator++() {
    Parcel<T> parcel;
    value_.reset();
    if (channel_receive(channel_, parcel.data())) {
      parcel.received();
      value_.emplace(parcel.take());
    }
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const ReceiveIterator& it, std::default_sentinel_t) { return !it.value_.has_value(); }

 private:
  Channel* channel_ = nullptr;
  mutable std::optional<T> value_;
};

template <class Derived, class T>
class RecvSide {
 public:
  // Receives the next value: blocks until there is one or the channel is closed; on a nil channel for ever. T{} when
  // closed and drained. The k-th receive from a channel of capacity C happens before the (k+C)-th send completes.
  // Throws only what moving a T throws. Records ChanRecv, and Block if it parks.
  T recv() const
    requires std::is_default_constructible_v<T>
  {
    Parcel<T> parcel;
    if (!channel_receive(core(), parcel.data())) {
      return T{};
    }
    parcel.received();
    return parcel.take();
  }

  // The same, and whether it was a sent value (true) or the end (false): auto [v, ok] = ch.recv_ok();
  [[nodiscard]] std::pair<T, bool> recv_ok() const
    requires std::is_default_constructible_v<T>
  {
    Parcel<T> parcel;
    if (!channel_receive(core(), parcel.data())) {
      return {T{}, false};
    }
    parcel.received();
    return {parcel.take(), true};
  }

  // The same for any T: empty when closed and drained.
  [[nodiscard]] std::optional<T> next() const {
    Parcel<T> parcel;
    if (!channel_receive(core(), parcel.data())) {
      return std::nullopt;
    }
    parcel.received();
    return parcel.take();
  }

  // Receives into out if that needs no waiting. Records ChanRecv or ChanTryFailed.
  [[nodiscard]] ChanStatus try_recv(T& out) const {
    Parcel<T> parcel;
    const ChanStatus status = channel_try_receive(core(), parcel.data());
    if (status == ChanStatus::ok) {
      parcel.received();
      out = parcel.take();
    }
    return status;
  }

  // v << ch: receives into v, T{} when closed and drained.
  friend void operator<<(T& value, const Derived& channel)
    requires std::is_default_constructible_v<T>
  {
    value = channel.recv();
  }

  [[nodiscard]] ReceiveIterator<T> begin() const { return ReceiveIterator<T>(core()); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  [[nodiscard]] Channel* core() const noexcept { return core_of(static_cast<const Derived&>(*this)); }
};

// Channels of void carry events without values.
template <class Derived>
class SendSide<Derived, void> {
 public:
  void send() const {
    if (!channel_send(core(), nullptr)) {
      throw_panic(PanicCode::send_on_closed);
    }
  }
  [[nodiscard]] bool try_send() const {
    const ChanStatus status = channel_try_send(core(), nullptr);
    if (status == ChanStatus::closed) {
      throw_panic(PanicCode::send_on_closed);
    }
    return status == ChanStatus::ok;
  }
  void close() const {
    if (const PanicCode code = channel_close(core()); code != PanicCode::none) {
      throw_panic(code);
    }
  }

 private:
  [[nodiscard]] Channel* core() const noexcept { return core_of(static_cast<const Derived&>(*this)); }
};

template <class Derived>
class RecvSide<Derived, void> {
 public:
  void recv() const noexcept { static_cast<void>(channel_receive(core(), nullptr)); }
  [[nodiscard]] bool recv_ok() const noexcept { return channel_receive(core(), nullptr); }
  [[nodiscard]] bool next() const noexcept { return channel_receive(core(), nullptr); }
  [[nodiscard]] ChanStatus try_recv() const noexcept { return channel_try_receive(core(), nullptr); }

 private:
  [[nodiscard]] Channel* core() const noexcept { return core_of(static_cast<const Derived&>(*this)); }
};

}  // namespace gordian::detail
