// SPDX-License-Identifier: Apache-2.0
// Things that are done once: pthread_once (std::call_once) and the guards of function-local statics. Written as what
// they are, a release store of the flag and acquire loads of it, so that whoever finds it done is ordered after the
// doing. The compiler's own check of a guard is an acquire load in instrumented code.
#include <pthread.h>

#include <cstdint>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

constinit Next<int(pthread_once_t*, void (*)())> g_once{"pthread_once"};
constinit Next<int(std::uint64_t*)> g_guard_acquire{"__cxa_guard_acquire"};
constinit Next<void(std::uint64_t*)> g_guard_release{"__cxa_guard_release"};

// What pthread_once is to call, for the trampoline that it calls instead; a stack of them, for onces inside onces.
struct Pending {
  void (*body)() = nullptr;
  pthread_once_t* control = nullptr;
};
__attribute__((tls_model("initial-exec"))) constinit __thread Pending t_pending;

void run_pending() {
  const Pending mine = t_pending;
  mine.body();
  note_only_release(mine.control);
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_once(pthread_once_t* control, void (*body)()) {
  const Pending outer = t_pending;
  t_pending = {body, control};
  const int result = g_once(control, run_pending);
  t_pending = outer;
  note_acquire(control);
  return result;
}

GORDIAN_REPLACES int __cxa_guard_acquire(std::uint64_t* guard) {
  const int must_initialise = g_guard_acquire(guard);
  if (must_initialise == 0) {
    note_acquire(guard);
  }
  return must_initialise;
}

GORDIAN_REPLACES void __cxa_guard_release(std::uint64_t* guard) noexcept {
  note_only_release(guard);  // before it becomes visible, like every release
  g_guard_release(guard);
}
