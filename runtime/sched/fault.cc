// SPDX-License-Identifier: Apache-2.0
// The handler. It may have interrupted anything, so it allocates nothing and takes no lock.
#include "runtime/sched/fault.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "runtime/record/own_memory.h"
#include "runtime/sched/worker.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

extern "C" void* __libc_stack_end;

namespace gordian::rt::sched {

namespace {

constexpr std::size_t kSignalStackBytes = 64 * 1024;
constexpr std::size_t kPageBytes = 4096;

struct FatalSignal {
  int number;
  std::string_view text;
};
// Go's texts (runtime/sigtab_linux_generic.go).
constexpr FatalSignal kFatal[] = {{SIGSEGV, "SIGSEGV: segmentation violation"},
                                  {SIGBUS, "SIGBUS: bus error"},
                                  {SIGFPE, "SIGFPE: floating-point exception"},
                                  {SIGILL, "SIGILL: illegal instruction"},
                                  {SIGABRT, "SIGABRT: abort"}};

std::uintptr_t stack_pointer(const void* context) noexcept {
  return static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RSP]);
}

std::size_t main_stack_limit() noexcept {
  rlimit limit{};
  return getrlimit(RLIMIT_STACK, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

// Main's stack grows by faults until the limit: one close to the stack pointer that stayed unserved has reached it.
bool overflows_main(std::uintptr_t address, std::uintptr_t pointer) noexcept {
  constexpr std::size_t kNear = 64 * 1024;
  constexpr std::size_t kSlack = 1024 * 1024;  // the kernel keeps that distance from the mapping below
  const auto top = reinterpret_cast<std::uintptr_t>(__libc_stack_end);
  const std::size_t limit = main_stack_limit();
  const std::size_t distance = address < pointer ? pointer - address : address - pointer;
  return distance < kNear && address < top && limit != RLIM_INFINITY && top - address + kSlack >= limit;
}

// How many bytes the goroutine's stack may have, if it ran out of them; else 0.
std::size_t overflown_limit(int number, const siginfo_t& info, const void* context) noexcept {
  const Worker* const worker = current_worker();
  if (number != SIGSEGV || info.si_code <= 0 || worker == nullptr || worker->current == nullptr) {
    return 0;
  }
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  const Goroutine& goroutine = *worker->current;
  if (goroutine.stack == nullptr) {
    return overflows_main(address, stack_pointer(context)) ? main_stack_limit() : 0;
  }
  const std::size_t limit = goroutine.stack_bytes != 0 ? goroutine.stack_bytes : kDefaultStackBytes;
  return in_guard_of(*goroutine.stack, address) ? limit : 0;
}

void record_death(int number) noexcept {
  for (const FatalSignal& fatal : kFatal) {
    if (fatal.number == number && wait::current_row() != nullptr) {
      record::emit(trace::Fatal{.text = fatal.text});
    }
  }
  record::publish();
}

// As if nobody had handled it. An instruction that faults does so again; a signal that was sent is sent again, and
// waits until the handler returns.
void take_default_course(int number, siginfo_t* info) noexcept {
  struct sigaction by_default{};
  by_default.sa_handler = SIG_DFL;
  sigaction(number, &by_default, nullptr);
  if (info->si_code <= 0) {
    syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), number, info);
  }
}

void on_fatal_signal(int number, siginfo_t* info, void* context) noexcept {
  const int saved = errno;
  if (const std::size_t limit = overflown_limit(number, *info, context); limit != 0) {
    wait::die_of_stack_overflow(limit);
  }
  record_death(number);
  take_default_course(number, info);
  errno = saved;
}

void watch(int number) noexcept {
  struct sigaction before{};
  if (sigaction(number, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) {
    return;
  }
  struct sigaction ours{};
  ours.sa_sigaction = on_fatal_signal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  sigaction(number, &ours, nullptr);
}

}  // namespace

void watch_faults() noexcept {
  for (const FatalSignal& fatal : kFatal) {
    if (fatal.number == SIGSEGV || record::enabled()) {
      watch(fatal.number);
    }
  }
}

void give_signal_stack() noexcept {
  void* const memory = record::map_own(kPageBytes + kSignalStackBytes);
  if (memory == MAP_FAILED) {
    return;  // an overflow then ends like any other fault without a stack: killed by SIGSEGV
  }
  mprotect(memory, kPageBytes, PROT_NONE);
  stack_t stack{};
  stack.ss_sp = static_cast<char*>(memory) + kPageBytes;
  stack.ss_size = kSignalStackBytes;
  sigaltstack(&stack, nullptr);
}

}  // namespace gordian::rt::sched
