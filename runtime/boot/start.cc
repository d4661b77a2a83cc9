// SPDX-License-Identifier: Apache-2.0
// The program's first and last moments. The library's constructor runs before any of the program's own; main runs
// inside run_main, so that an exception that leaves it unwinds (deferred calls run) and then dies with Go's words.
#include "runtime/sched/start.h"

#include <cxxabi.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>

#include "gordian/go.h"
#include "runtime/base/check.h"
#include "runtime/boot/connect.h"
#include "runtime/boot/options.h"
#include "runtime/hooks/fork.h"
#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/io/descriptor.h"
#include "runtime/io/poller.h"
#include "runtime/record/attach.h"
#include "runtime/record/recorder.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::boot {

namespace {

using Main = int (*)(int, char**, char**);
Main g_main = nullptr;

// Address space only; a main stack without a limit gets frames for a gigabyte of it.
constexpr std::size_t kMaxMainStack = std::size_t{1} << 30;
constexpr std::size_t kFallbackMainStack = std::size_t{8} << 20;

gordian_rt_frame* main_frames() noexcept {
  rlimit limit{};
  const bool known = getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  const std::size_t bytes = known ? std::min<std::size_t>(limit.rlim_cur, kMaxMainStack) : kMaxMainStack;
  gordian_rt_frame* frames = record::allocate_frames(bytes);
  return frames != nullptr ? frames : record::allocate_frames(kFallbackMainStack);
}

void repeat_name() noexcept {
  if (const wait::Row* const row = wait::current_row(); row != nullptr && row->name[0] != '\0') {
    record::emit(trace::Name{.text = row->name});
  }
}

// Registered before all of the program's own: what those do in the child is recorded.
void after_fork_in_child() noexcept {
  const int saved = errno;
  const bool recorded = record::stop_in_child();
  sched::restart_in_child();
  io::forget_poller();
  io::forget_descriptors();
  if (recorded) {
    const record::Internal internal;  // descriptors that are opened and closed here are ours
    record::forget_parent();
    intercept::forget_lock_owners();
    forget_atomic_owners();
    const bool goes_on = begin_recording_in_child();
    record::leave_parent(goes_on);
    if (goes_on) {
      record::write_modules();
      write_loaded_units();
      record::seal_tables();
      record::begin_in_child();
      repeat_name();
    }
  }
  errno = saved;
}

__attribute__((constructor(101))) void boot() noexcept {
  const int saved = errno;
  const char* text = std::getenv("GORDIAN_OPTIONS");
  begin_recording(parse_options(text == nullptr ? "" : text));
  if (record::enabled()) {
    record::note_modules();
    record::write_modules();
  }
  sched::start_main();
  record::Actor* actor = sched::main_actor();
  actor->frames = actor->frame_top = main_frames();
  record::start_thread(actor);
  record::alloc_thread_locals();
  pthread_atfork(record::note_fork, nullptr, after_fork_in_child);
  errno = saved;
}

void stop_goroutines() noexcept {
  sched::stop_workers();
  io::abandon_waits();
}

int run_main(int argc, char** argv, char** environment) {
  int status = 0;
  if (record::enabled()) {
    record::seal_tables();
  }
  try {
    status = g_main(argc, argv, environment);
  } catch (const gordian::detail::GoexitUnwind&) {
    sched::park_main_for_ever();
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_cancel or pthread_exit: not ours to stop
  } catch (...) {
    sched::die_of_uncaught(std::current_exception());
  }
  wait::give_way_to_death();
  stop_goroutines();
  record::record_exit(status, true);
  return status;
}

using Start = int(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
constinit intercept::Next<Start> g_libc_start_main{"__libc_start_main"};
constinit intercept::Next<void(int)> g_exit{"exit"};

}  // namespace

}  // namespace gordian::rt::boot

// The C library's own: replaced to stand between it and the program's main, and to see the end.
using gordian::rt::boot::Main;

GORDIAN_REPLACES int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                                       void (*loader_fini)(), void* stack_end) {
  gordian::rt::boot::g_main = main;
  return gordian::rt::boot::g_libc_start_main(gordian::rt::boot::run_main, argc, argv, init, fini, loader_fini,
                                              stack_end);
}

GORDIAN_REPLACES __attribute__((noreturn)) void exit(int status) noexcept {
  gordian::rt::boot::stop_goroutines();
  gordian::rt::record::record_exit(status, false);
  gordian::rt::boot::g_exit(status);
  __builtin_unreachable();
}

GORDIAN_REPLACES __attribute__((noreturn)) void _exit(int status) {
  gordian::rt::record::record_exit(status, false);
  for (;;) {
    syscall(SYS_exit_group, status);
  }
}

GORDIAN_REPLACES __attribute__((noreturn)) void _Exit(int status) noexcept { _exit(status); }
