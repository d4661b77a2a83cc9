// SPDX-License-Identifier: Apache-2.0
// Does by hand what instrumented code does: enters functions, notes calls, appends accesses.
#pragma once

#include "runtime/abi/hooks.h"

namespace gordian::test {

// The hook is preserve_most; a caller that saves its own registers may call it as plain C.
extern "C" std::uint64_t* gordian_rt_access_slow(std::uint64_t words) noexcept;

inline void enter(const std::uint32_t& function) {
  gordian_rt_frame* frame = gordian_rt_thread.frame_top;
  frame->function = &function;
  frame->recorded = 0;
  frame->call_site = 0;
  gordian_rt_thread.frame_top = frame + 1;
  gordian_rt_thread.access_limit = nullptr;
}

inline void leave() {
  --gordian_rt_thread.frame_top;
  gordian_rt_thread.access_limit = nullptr;
}

inline void call(std::uint32_t site) { gordian_rt_thread.frame_top[-1].call_site = site; }

inline void access(std::uint64_t site, std::uint64_t address) {
  std::uint64_t* cursor = gordian_rt_thread.access_cursor;
  // As numbers, as in compiled code: the first cursor is null.
  if (reinterpret_cast<std::uintptr_t>(cursor) + sizeof(*cursor) >
      reinterpret_cast<std::uintptr_t>(gordian_rt_thread.access_limit)) {
    cursor = gordian_rt_access_slow(1);
  }
  *cursor = site << 47 | address;
  gordian_rt_thread.access_cursor = cursor + 1;
}

}  // namespace gordian::test
