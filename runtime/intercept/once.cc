// SPDX-License-Identifier: Apache-2.0
// Things that are done once: pthread_once (std::call_once) and the guards of function-local statics. Written as what
// they are, a release store of the flag and acquire loads of it, so that whoever finds it done is ordered after the
// doing. The compiler's own check of a guard is an acquire load in instrumented code.
#include <pthread.h>

#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/intercept/next.h"
#include "runtime/record/recorder.h"
#include "runtime/trace/event.h"

namespace gordian::rt::intercept {

namespace {

constinit Next<int(pthread_once_t*, void (*)())> g_once{"pthread_once"};
constinit Next<int(std::uint64_t*)> g_guard_acquire{"__cxa_guard_acquire"};
constinit Next<void(std::uint64_t*)> g_guard_release{"__cxa_guard_release"};

bool is_recorded() noexcept {
  return record::enabled() && !record::is_internal() && record::current_actor() != nullptr;
}

constexpr std::uint32_t raw(trace::AtomicOp op) noexcept { return static_cast<std::uint32_t>(op); }
constexpr std::uint32_t raw(trace::AtomicOrder order) noexcept { return static_cast<std::uint32_t>(order); }

void note(const void* flag, trace::AtomicOp op, trace::AtomicOrder order) noexcept {
  gordian_rt_atomic_begin(flag);
  gordian_rt_atomic_end(flag, 0, gordian_rt_atomic_info(raw(op), raw(order), raw(order), 0), 1);
}

void note_done(const void* flag) noexcept {
  if (is_recorded()) {
    note(flag, trace::AtomicOp::store, trace::AtomicOrder::release);
  }
}
void note_seen_done(const void* flag) noexcept {
  if (is_recorded()) {
    note(flag, trace::AtomicOp::load, trace::AtomicOrder::acquire);
  }
}

// What pthread_once is to call, for the trampoline that it calls instead; a stack of them, for onces inside onces.
struct Pending {
  void (*body)() = nullptr;
  pthread_once_t* control = nullptr;
};
__attribute__((tls_model("initial-exec"))) constinit __thread Pending t_pending;

void run_pending() {
  const Pending mine = t_pending;
  mine.body();
  note_done(mine.control);
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_once(pthread_once_t* control, void (*body)()) {
  const Pending outer = t_pending;
  t_pending = {body, control};
  const int result = g_once(control, run_pending);
  t_pending = outer;
  note_seen_done(control);
  return result;
}

GORDIAN_REPLACES int __cxa_guard_acquire(std::uint64_t* guard) {
  const int must_initialise = g_guard_acquire(guard);
  if (must_initialise == 0) {
    note_seen_done(guard);
  }
  return must_initialise;
}

GORDIAN_REPLACES void __cxa_guard_release(std::uint64_t* guard) noexcept {
  note_done(guard);  // before it becomes visible, like every release
  g_guard_release(guard);
}
