// SPDX-License-Identifier: Apache-2.0
// Calls that block the thread, not the goroutine: files, name resolution, libraries that know nothing of us. The worker
// lends its turn meanwhile, so as many goroutines run as before.
//
//   const std::string text = gordian::blocking([] { return read_file("big.txt"); });
#pragma once

#include <utility>

#include "gordian/detail/api.h"

namespace gordian {

namespace detail {

GORDIAN_API bool begin_blocking() noexcept;
GORDIAN_API void end_blocking() noexcept;

class Blocking {
 public:
  Blocking() noexcept = default;
  ~Blocking() {
    if (lent_) {
      end_blocking();
    }
  }
  Blocking(const Blocking&) = delete;
  Blocking& operator=(const Blocking&) = delete;

 private:
  bool lent_ = begin_blocking();
};

}  // namespace detail

// Calls f on this thread and returns its result; another worker runs the other goroutines. On plain threads just a
// call. Records nothing; a goroutine in f counts as running, so it hides a deadlock of the others, as in Go. Throws
// what f throws.
template <class F>
decltype(auto) blocking(F&& f) {
  const detail::Blocking lent;
  return std::forward<F>(f)();
}

}  // namespace gordian
