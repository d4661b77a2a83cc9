// SPDX-License-Identifier: Apache-2.0
// GORDIAN_CHECK: an invariant of our own that must hold in every build. A broken one prints the condition and its place
// with write(2) (no allocation: it may fire inside a hook) and aborts.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace gordian {

[[noreturn]] inline void check_failed(const char* condition, const char* place) noexcept {
  const auto say = [](const char* text) {
    if (write(STDERR_FILENO, text, std::strlen(text)) < 0) {
      return;
    }
  };
  say("gordian: internal error: check failed: ");
  say(condition);
  say(" at ");
  say(place);
  say("\n");
  std::abort();
}

}  // namespace gordian

#define GORDIAN_CHECK_STRING_(x) #x
#define GORDIAN_CHECK_STRING(x) GORDIAN_CHECK_STRING_(x)
#define GORDIAN_CHECK(condition)      \
  (__builtin_expect(!!(condition), 1) \
       ? static_cast<void>(0)         \
       : ::gordian::check_failed(#condition, __FILE__ ":" GORDIAN_CHECK_STRING(__LINE__)))
