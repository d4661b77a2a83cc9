// SPDX-License-Identifier: Apache-2.0
// Functions that are called once: OnceValue keeps the result, OnceFunc has none. Whoever calls while the first call
// runs waits for it. Source: package sync (go1.23), OnceFunc and OnceValue.
//
//   gordian::OnceValue config{[] { return read_config("app.toml"); }};
//   use(config().port);
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "gordian/sync.h"

namespace gordian {

// Neither copyable nor movable; the function and all it captured are gone after the call.
class OnceFunc {
 public:
  explicit OnceFunc(std::function<void()> f) : f_(std::move(f)) {}
  OnceFunc(const OnceFunc&) = delete;
  OnceFunc& operator=(const OnceFunc&) = delete;

  // Calls the function if this is the first call, otherwise waits for the first to return. What the function does
  // happens before any call returns. If it threw, every call throws the same. Records as Once.
  void operator()() {
    once_.call([this] {
      const std::function<void()> f = std::exchange(f_, nullptr);
      try {
        f();
      } catch (...) {
        thrown_ = std::current_exception();
      }
    });
    if (thrown_ != nullptr) {
      std::rethrow_exception(thrown_);
    }
  }

 private:
  Once once_;
  std::function<void()> f_;
  std::exception_ptr thrown_;
};

template <class T>
class OnceValue {
 public:
  explicit OnceValue(std::function<T()> f) : call_([this, make = std::move(f)] { value_.emplace(make()); }) {}

  // The result of the first and only call, for as long as this lives. Throws and records as OnceFunc.
  const T& operator()() {
    call_();
    return *value_;
  }

 private:
  std::optional<T> value_;
  OnceFunc call_;
};

template <class F>
OnceValue(F) -> OnceValue<std::invoke_result_t<F>>;

}  // namespace gordian
