// SPDX-License-Identifier: Apache-2.0
// Code that may run although every thread waits: handlers of signals, and the threads that the C library starts by
// itself for a timer or a message queue. A trace that knows of them does not call a semaphore hopeless that they might
// post (sem_post is the one way out of a wait that a handler may use).
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

using Handler = void (*)(int);

constinit Next<int(int, const struct sigaction*, struct sigaction*)> g_sigaction{"sigaction"};
constinit Next<Handler(int, Handler)> g_signal{"signal"};
constinit Next<Handler(int, Handler)> g_sysv_signal{"sysv_signal"};
constinit Next<Handler(int, Handler)> g_sigset{"sigset"};
constinit Next<int(clockid_t, sigevent*, timer_t*)> g_timer_create{"timer_create"};
constinit Next<int(mqd_t, const sigevent*)> g_mq_notify{"mq_notify"};

// Signals of a fault are sent by the thread itself, which then does not wait. They are also those that we watch.
bool is_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT;
}

void note_handler(int signal, Handler handler) noexcept {
  if (is_recorded() && handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR && !is_fault(signal)) {
    record::emit(trace::SignalHandler{.signal = static_cast<std::uint64_t>(signal)});
  }
}

void note_threads(const sigevent* event) noexcept {
  if (is_recorded() && event != nullptr && event->sigev_notify == SIGEV_THREAD) {
    record::emit(trace::SignalHandler{});
  }
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

// The words stand for what sa_sigaction may be as well: one place in memory.
GORDIAN_REPLACES int sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
  if (action != nullptr) {
    note_handler(signal, action->sa_handler);
  }
  return g_sigaction(signal, action, before);
}
GORDIAN_REPLACES Handler signal(int number, Handler handler) noexcept {
  note_handler(number, handler);
  return g_signal(number, handler);
}
GORDIAN_REPLACES Handler bsd_signal(int number, Handler handler) noexcept { return signal(number, handler); }
GORDIAN_REPLACES Handler sysv_signal(int number, Handler handler) noexcept {
  note_handler(number, handler);
  return g_sysv_signal(number, handler);
}
GORDIAN_REPLACES Handler __sysv_signal(int number, Handler handler) noexcept { return sysv_signal(number, handler); }
GORDIAN_REPLACES Handler sigset(int number, Handler handler) noexcept {
  note_handler(number, handler);
  return g_sigset(number, handler);
}

GORDIAN_REPLACES int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  note_threads(event);
  return g_timer_create(clock, event, timer);
}
GORDIAN_REPLACES int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  note_threads(event);
  return g_mq_notify(queue, event);
}
