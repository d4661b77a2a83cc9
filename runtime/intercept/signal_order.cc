// SPDX-License-Identifier: Apache-2.0
#include "runtime/intercept/signal_order.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

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
constinit Next<unsigned(unsigned)> g_alarm{"alarm"};
constinit Next<int(__itimer_which_t, const itimerval*, itimerval*)> g_set_interval{"setitimer"};
constinit Next<int(timer_t, int, const itimerspec*, itimerspec*)> g_set_timer{"timer_settime"};
constinit Next<int(const sigset_t*, int*)> g_wait{"sigwait"};
constinit Next<int(const sigset_t*, siginfo_t*)> g_wait_info{"sigwaitinfo"};
constinit Next<int(const sigset_t*, siginfo_t*, const timespec*)> g_timed_wait{"sigtimedwait"};
constinit Next<int(int, const sigset_t*, int)> g_signalfd{"signalfd"};

int taken(int result, bool took) noexcept {
  if (took) {
    note_signal_taken();
  }
  return result;
}

}  // namespace

void note_signal_sent() noexcept { note_added_release(&kSignals); }
void note_signal_taken() noexcept { note_acquire(&kSignals); }

void note_signals_read(int descriptor) noexcept {
  // relaxed: who reads from a signalfd has it from whoever made it, by the program's own order.
  if (descriptor >= 0 &&
      g_is_signalfd[static_cast<std::size_t>(descriptor) % kDescriptors].load(std::memory_order_relaxed)) {
    note_signal_taken();
  }
}

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_kill(pthread_t thread, int signal) noexcept {
  note_signal_sent();
  return g_pthread_kill(thread, signal);
}
GORDIAN_REPLACES int kill(pid_t process, int signal) noexcept {
  note_signal_sent();
  return g_kill(process, signal);
}
GORDIAN_REPLACES int sigqueue(pid_t process, int signal, const union sigval value) noexcept {
  note_signal_sent();
  return g_queue(process, signal, value);
}
GORDIAN_REPLACES int pthread_sigqueue(pthread_t thread, int signal, const union sigval value) noexcept {
  note_signal_sent();
  return g_pthread_queue(thread, signal, value);
}

// A clock that is set sends one later.
GORDIAN_REPLACES unsigned alarm(unsigned seconds) noexcept {
  note_signal_sent();
  return g_alarm(seconds);
}
GORDIAN_REPLACES int setitimer(__itimer_which_t which, const itimerval* time, itimerval* before) noexcept {
  note_signal_sent();
  return g_set_interval(which, time, before);
}
GORDIAN_REPLACES int timer_settime(timer_t timer, int flags, const itimerspec* time, itimerspec* before) noexcept {
  note_signal_sent();
  return g_set_timer(timer, flags, time, before);
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
