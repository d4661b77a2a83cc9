// SPDX-License-Identifier: Apache-2.0
// The function that a replaced one stands in front of: the next definition of its name in the order of loading.
#pragma once

#include <dlfcn.h>

#include <atomic>

#include "runtime/base/check.h"

namespace gordian::rt::intercept {

template <class Signature>
class Next {
 public:
  constexpr explicit Next(const char* name) noexcept : name_(name) {}

  Signature* get() noexcept {
    // relaxed: every thread that looks it up finds the same value, and the code behind it was there before any thread.
    Signature* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Signature*>(dlsym(RTLD_NEXT, name_));
      GORDIAN_CHECK(function != nullptr);
      function_.store(function, std::memory_order_relaxed);
    }
    return function;
  }
  template <class... Args>
  auto operator()(Args... args) {
    return get()(args...);
  }

 private:
  const char* name_;
  std::atomic<Signature*> function_{nullptr};
};

}  // namespace gordian::rt::intercept

#define GORDIAN_REPLACES extern "C" __attribute__((visibility("default")))
