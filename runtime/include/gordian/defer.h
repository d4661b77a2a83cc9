// SPDX-License-Identifier: Apache-2.0
// Deferred calls, bound to their scope (Go binds them to the function). They run in reverse order, also when a Panic or
// goexit() unwinds, and may throw themselves: a throw while another exception unwinds ends the program, as C++ has it.
//
//   mutex.lock();
//   GORDIAN_DEFER { mutex.unlock(); };
#pragma once

#include <utility>

namespace gordian {

// Calls f at the end of its scope. Records nothing. Not movable: a deferred call belongs to one scope.
template <class F>
class [[nodiscard]] Defer {
 public:
  explicit Defer(F f) : f_(std::move(f)) {}
  ~Defer() noexcept(false) { f_(); }
  Defer(const Defer&) = delete;
  Defer& operator=(const Defer&) = delete;

 private:
  F f_;
};

namespace detail {
struct DeferMaker {
  template <class F>
  Defer<F> operator->*(F f) const {
    return Defer<F>(std::move(f));
  }
};
}  // namespace detail

}  // namespace gordian

#define GORDIAN_DEFER_JOIN_(a, b) a##b
#define GORDIAN_DEFER_JOIN(a, b) GORDIAN_DEFER_JOIN_(a, b)
#define GORDIAN_DEFER \
  [[maybe_unused]] const auto GORDIAN_DEFER_JOIN(gordian_defer_, __COUNTER__) = ::gordian::detail::DeferMaker{}->*[&]()
