// SPDX-License-Identifier: Apache-2.0
// The door behind gordian/go.h and gordian/blocking.h.
#include "gordian/go.h"

#include "gordian/blocking.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/start.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

#undef errno
extern "C" int* __errno_location(void) noexcept;

namespace gordian::detail {

using namespace rt;

// The barrier keeps link-time optimisation from finding out that it is a constant.
__attribute__((noinline)) int* errno_location() noexcept {
  asm volatile("" ::: "memory");
  return __errno_location();
}

void* spawn_begin(std::size_t bytes, std::size_t alignment) noexcept { return sched::begin_spawn(bytes, alignment); }
void spawn_cancel(void* closure) noexcept { sched::cancel_spawn(closure); }
void spawn_commit(void* closure, Entry entry, std::size_t stack_bytes) noexcept {
  sched::commit_spawn(closure, entry, stack_bytes, __builtin_return_address(0));
}

void die_of_uncaught(std::exception_ptr exception) noexcept { sched::die_of_uncaught(std::move(exception)); }
void die_of_nil_function() noexcept { wait::die_of_misuse(trace::PanicCode::nil_function, 0); }

void yield_now() noexcept { sched::yield(); }

void set_name(const char* text, std::size_t bytes) noexcept {
  wait::Row& row = wait::self();
  wait::set_name(row, text, bytes);
  record::emit(trace::Name{.text = row.name});
}

std::size_t count_goroutines() noexcept { return sched::stats().goroutines; }
std::size_t count_waiting() noexcept { return wait::waiting_goroutines(); }

bool begin_blocking() noexcept {
  if (sched::current_worker_index() < 0) {
    return false;
  }
  record::publish();
  sched::begin_outside();
  return true;
}
// Perhaps on another thread, if what was called parked the goroutine: that thread's turn is its own.
void end_blocking() noexcept {
  if (sched::current_worker_index() >= 0) {
    sched::end_outside();
  }
}

int change_max_procs(int count) noexcept { return sched::set_max_procs(count); }

}  // namespace gordian::detail
