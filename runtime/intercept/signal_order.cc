// SPDX-License-Identifier: Apache-2.0
#include "runtime/intercept/signal_order.h"

#include <signal.h>
#include <sys/signalfd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

constexpr char kSignals = 0;  // only its address counts

// Was a descriptor of this number (modulo the size) ever a signalfd? One that is mistaken for one is ordered too much.
constexpr std::size_t kDescriptors = 4096;
std::atomic<bool> g_is_signalfd[kDescriptors];

constinit Next<int(pthread_t, int)> g_pthread_kill{"pthread_kill"};
constinit Next<int(pid_t, int)> g_kill{"kill"};
constinit Next<int(pid_t, int, sigval)> g_queue{"sigqueue"};
constinit Next<int(pthread_t, int, sigval)> g_pthread_queue{"pthread_sigqueue"};
constinit Next<int(const sigset_t*, int*)> g_wait{"sigwait"};
constinit Next<int(const sigset_t*, siginfo_t*)> g_wait_info{"sigwaitinfo"};
constinit Next<int(const sigset_t*, siginfo_t*, const timespec*)> g_timed_wait{"sigtimedwait"};
constinit Next<int(int, const sigset_t*, int)> g_signalfd{"signalfd"};

void note_sent() noexcept { note_added_release(&kSignals); }

int taken(int result, bool took) noexcept {
  if (took) {
    note_acquire(&kSignals);
  }
  return result;
}

}  // namespace

void note_signals_read(int descriptor) noexcept {
  // relaxed: who reads from a signalfd has it from whoever made it, by the program's own order.
  if (descriptor >= 0 &&
      g_is_signalfd[static_cast<std::size_t>(descriptor) % kDescriptors].load(std::memory_order_relaxed)) {
    note_acquire(&kSignals);
  }
}

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_kill(pthread_t thread, int signal) noexcept {
  note_sent();
  return g_pthread_kill(thread, signal);
}
GORDIAN_REPLACES int kill(pid_t process, int signal) noexcept {
  note_sent();
  return g_kill(process, signal);
}
GORDIAN_REPLACES int sigqueue(pid_t process, int signal, const union sigval value) noexcept {
  note_sent();
  return g_queue(process, signal, value);
}
GORDIAN_REPLACES int pthread_sigqueue(pthread_t thread, int signal, const union sigval value) noexcept {
  note_sent();
  return g_pthread_queue(thread, signal, value);
}

GORDIAN_REPLACES int sigwait(const sigset_t* signals, int* signal) {
  const int result = g_wait(signals, signal);
  return taken(result, result == 0);
}
GORDIAN_REPLACES int sigwaitinfo(const sigset_t* signals, siginfo_t* info) {
  const int result = g_wait_info(signals, info);
  return taken(result, result > 0);
}
GORDIAN_REPLACES int sigtimedwait(const sigset_t* signals, siginfo_t* info, const timespec* timeout) {
  const int result = g_timed_wait(signals, info, timeout);
  return taken(result, result > 0);
}

GORDIAN_REPLACES int signalfd(int descriptor, const sigset_t* signals, int flags) noexcept {
  const int made = g_signalfd(descriptor, signals, flags);
  if (made >= 0) {
    // relaxed: partner and reason in note_signals_read().
    g_is_signalfd[static_cast<std::size_t>(made) % kDescriptors].store(true, std::memory_order_relaxed);
  }
  return made;
}
