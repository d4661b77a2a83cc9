// SPDX-License-Identifier: Apache-2.0
// The calling thread's block, looked up anew each time. A goroutine may come back from a switch on another thread, and
// a compiler that sees one function would keep the old thread's address: so the lookup is volatile assembly, which no
// pass may merge or move across a call (proved by tests/unit/sched/migration_test.cc, also with -flto).
#pragma once

#include "runtime/abi/hooks.h"

namespace gordian::rt::wait {

inline gordian_rt_thread_block* thread_block() noexcept {
  gordian_rt_thread_block* block;
  asm volatile(
      "movq %%fs:0, %0\n\t"
      "addq gordian_rt_thread@gottpoff(%%rip), %0"
      : "=r"(block)
      :
      : "cc", "memory");
  return block;
}

}  // namespace gordian::rt::wait
