// SPDX-License-Identifier: Apache-2.0
// Code that may run although every thread waits: handlers of signals, and the threads that the C library starts by
// itself for a timer or a message queue. A trace that knows of them does not call a semaphore hopeless that they might
// post (sem_post is the one way out of a wait that a handler may use).
//
// The kernel calls a function of ours, which orders the handler behind the signal and calls it; whoever asks for the
// handler is told the program's own.
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"
#include "runtime/intercept/signal_order.h"

namespace gordian::rt::intercept {

namespace {

using Handler = void (*)(int);
using InfoHandler = void (*)(int, siginfo_t*, void*);

constinit Next<int(int, const struct sigaction*, struct sigaction*)> g_sigaction{"sigaction"};
constinit Next<Handler(int, Handler)> g_signal{"signal"};
constinit Next<Handler(int, Handler)> g_sysv_signal{"sysv_signal"};
constinit Next<Handler(int, Handler)> g_sigset{"sigset"};
constinit Next<int(clockid_t, sigevent*, timer_t*)> g_timer_create{"timer_create"};
constinit Next<int(mqd_t, const sigevent*)> g_mq_notify{"mq_notify"};

// The program's handler of each signal that one of ours stands for. A table for each kind: while one kind replaces the
// other, a signal still finds the old one as what it is.
constexpr std::size_t kSignals = NSIG;
using Handlers = std::atomic<void*>[kSignals];
Handlers g_handlers;
Handlers g_info_handlers;

template <class To, class From>
To as(From handler) noexcept {
  return reinterpret_cast<To>(reinterpret_cast<void*>(handler));
}

// Signals of a fault are sent by the thread itself, which then does not wait. They are also those that we watch.
bool is_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGABRT;
}

bool is_function(Handler handler) noexcept {
  return handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR && handler != SIG_HOLD;
}

void note_taken() noexcept {
  const int saved = errno;
  note_signal_taken();
  errno = saved;
}

// acquire, both: pairs with the exchange in Replacement: whoever runs a handler sees what was written before it was
// installed.
void on_signal(int signal) {
  const record::HandlerScope scope;
  note_taken();
  as<Handler>(g_handlers[signal].load(std::memory_order_acquire))(signal);
}
void on_info_signal(int signal, siginfo_t* info, void* context) {
  const record::HandlerScope scope;
  note_taken();
  as<InfoHandler>(g_info_handlers[signal].load(std::memory_order_acquire))(signal, info, context);
}

bool is_ours(Handler handler) noexcept { return handler == on_signal || handler == as<Handler>(on_info_signal); }

bool is_handled_by_ours(int signal, Handler handler) noexcept {
  return record::enabled() && signal > 0 && static_cast<std::size_t>(signal) < kSignals && !is_fault(signal) &&
         is_function(handler) && !is_ours(handler);
}

void note_handler(int signal) noexcept {
  if (is_recorded()) {
    note_signal_sent();  // whoever installs it comes before it runs
    record::emit(trace::SignalHandler{.signal = static_cast<std::uint64_t>(signal)});
  }
}

void note_threads(const sigevent* event) noexcept {
  if (is_recorded() && event != nullptr && event->sigev_notify == SIGEV_THREAD) {
    record::emit(trace::SignalHandler{});
  }
}

// Puts one of ours in the handler's place, if it is one that ours can call.
class Replacement {
 public:
  Replacement(int signal, Handler handler, bool wants_info) noexcept
      : signal_(signal),
        is_made_(is_handled_by_ours(signal, handler)),
        table_(wants_info ? g_info_handlers : g_handlers) {
    if (is_made_) {
      note_handler(signal);
      // acq_rel: pairs with the loads of ours and with itself.
      before_ = as<Handler>(table_[signal].exchange(as<void*>(handler), std::memory_order_acq_rel));
    }
  }
  [[nodiscard]] bool is_made() const noexcept { return is_made_; }
  // The system refused.
  void undo() noexcept {
    if (is_made_) {
      table_[signal_].store(as<void*>(before_), std::memory_order_release);  // pairs with the loads of ours
    }
  }
  // What the program had installed, of what the system says was there.
  [[nodiscard]] Handler told(Handler before) const noexcept {
    if (!is_ours(before)) {
      return before;
    }
    const Handlers& table = before == on_signal ? g_handlers : g_info_handlers;
    // acquire: pairs with the exchange.
    return is_made_ && &table == &table_ ? before_ : as<Handler>(table[signal_].load(std::memory_order_acquire));
  }

 private:
  int signal_;
  bool is_made_;
  Handlers& table_;
  Handler before_ = SIG_DFL;
};

Handler set_handler(Next<Handler(int, Handler)>& next, int signal, Handler handler) noexcept {
  Replacement replacement(signal, handler, false);
  const Handler before = next(signal, replacement.is_made() ? on_signal : handler);
  if (before == SIG_ERR) {
    replacement.undo();
  }
  return replacement.told(before);
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

// sa_handler stands for what sa_sigaction may be as well: one place in memory.
GORDIAN_REPLACES int sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
  const bool wants_info = action != nullptr && (action->sa_flags & SA_SIGINFO) != 0;
  Replacement replacement(signal, action != nullptr ? action->sa_handler : SIG_DFL, wants_info);
  struct sigaction ours{};
  if (replacement.is_made()) {
    ours = *action;
    ours.sa_sigaction = wants_info ? on_info_signal : as<InfoHandler>(on_signal);
  }
  const int result = g_sigaction(signal, replacement.is_made() ? &ours : action, before);
  if (result != 0) {
    replacement.undo();
  } else if (before != nullptr) {
    before->sa_handler = replacement.told(before->sa_handler);
  }
  return result;
}
GORDIAN_REPLACES Handler signal(int number, Handler handler) noexcept { return set_handler(g_signal, number, handler); }
GORDIAN_REPLACES Handler bsd_signal(int number, Handler handler) noexcept { return signal(number, handler); }
GORDIAN_REPLACES Handler sysv_signal(int number, Handler handler) noexcept {
  return set_handler(g_sysv_signal, number, handler);
}
GORDIAN_REPLACES Handler __sysv_signal(int number, Handler handler) noexcept { return sysv_signal(number, handler); }
GORDIAN_REPLACES Handler sigset(int number, Handler handler) noexcept { return set_handler(g_sigset, number, handler); }

GORDIAN_REPLACES int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  note_threads(event);
  return g_timer_create(clock, event, timer);
}
GORDIAN_REPLACES int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  note_threads(event);
  return g_mq_notify(queue, event);
}
