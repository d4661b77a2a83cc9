// SPDX-License-Identifier: Apache-2.0
// A pool of things that are worth using again. What is in it may vanish at any time: above 64 of them the next is
// dropped. Source: package sync (go1.23), Pool; here a buffered channel, so that putting orders getting, item by item,
// and nothing else.
//
//   gordian::Pool<std::string> buffers;
//   std::string text = buffers.get();
//   ...
//   text.clear();
//   buffers.put(std::move(text));
#pragma once

#include <functional>
#include <utility>

#include "gordian/chan.h"

namespace gordian {

template <class T>
class Pool {
 public:
  // What get() makes when nothing is there.
  explicit Pool(std::function<T()> make = [] { return T(); }) : make_(std::move(make)) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Some item that was put, or a new one. Does not block. What happens before put(x) happens before the get() that
  // returns x. Records ChanRecv or ChanTryFailed.
  [[nodiscard]] T get() {
    detail::Parcel<T> parcel;
    if (detail::channel_try_receive(detail::core_of(items_), parcel.data()) != ChanStatus::ok) {
      return make_();
    }
    parcel.received();
    return parcel.take();
  }
  // Gives an item back; the caller keeps nothing of it. Does not block. Records ChanSend or ChanTryFailed.
  void put(T item) { static_cast<void>(items_.try_send(std::move(item))); }

 private:
  static constexpr std::int64_t kMost = 64;
  Chan<T> items_ = make_chan<T>(kMost);
  std::function<T()> make_;
};

}  // namespace gordian
