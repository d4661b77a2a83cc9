// SPDX-License-Identifier: Apache-2.0
// Panic's key functions, and what the inline headers need to throw one.
#include "gordian/panic.h"

#include "runtime/wait/exit.h"
#include "runtime/wait/stack_trace.h"

namespace gordian {

Panic::~Panic() = default;
const char* Panic::what() const noexcept { return text_.c_str(); }

namespace detail {

void capture_stack(StackSnapshot& snapshot) noexcept {
  rt::wait::StackTrace trace;
  rt::wait::capture_own_stack(trace);
  snapshot.count = 0;
  for (std::size_t i = 0; i < trace.count && snapshot.count < StackSnapshot::kMaxFrames; ++i) {
    snapshot.frames[snapshot.count++] = {trace.frames[i].function, trace.frames[i].call_site, trace.frames[i].pc};
  }
}

void record_user_panic(const char* text, std::size_t bytes) noexcept {
  constexpr std::size_t kMaxText = 1024;
  rt::wait::record_panic(trace::PanicCode::user, 0, {text, bytes < kMaxText ? bytes : kMaxText});
}

const char* panic_text(PanicCode code) noexcept { return rt::wait::panic_text(static_cast<trace::PanicCode>(code)); }

}  // namespace detail
}  // namespace gordian
