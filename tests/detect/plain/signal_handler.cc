// SPDX-License-Identifier: Apache-2.0
// A handler of a signal runs after whoever sent it, and after whoever installed it: what those wrote before is no race,
// what they write afterwards is one. Who asks for the handler is told the program's own.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DLATE %s -o %t.late
// RUN: %gordian_run 66 %t.late | FileCheck %s --check-prefix=LATE
// CHECK: no findings
// LATE-DAG: data race {{.*}}: letter is
// LATE-DAG: data race {{.*}}: limit is
// LATE: 2 findings
#define STEP_PLAIN
#include <pthread.h>
#include <signal.h>

#include <thread>

#include "support/step.h"

int letter = 0;
int limit = 0;
int seen = 0;
step::Meeting started(2);
step::Meeting installed(2);
step::Meeting handled(2);

void on_letter(int) {
  seen = letter;
  handled.arrive();
}
void on_limit(int, siginfo_t*, void*) { seen += limit; }

void install(int signal, bool with_info) {
  struct sigaction action{};
  sigemptyset(&action.sa_mask);
  if (with_info) {
    action.sa_sigaction = on_limit;
    action.sa_flags = SA_SIGINFO;
  } else {
    action.sa_handler = on_letter;
  }
  sigaction(signal, &action, nullptr);
}

bool is_installed() {
  struct sigaction letters{};
  struct sigaction limits{};
  return sigaction(SIGUSR1, nullptr, &letters) == 0 && letters.sa_handler == on_letter &&
         (letters.sa_flags & SA_SIGINFO) == 0 && sigaction(SIGUSR2, nullptr, &limits) == 0 &&
         limits.sa_sigaction == on_limit && signal(SIGHUP, SIG_IGN) == SIG_DFL &&
         signal(SIGHUP, on_letter) == SIG_IGN && signal(SIGHUP, SIG_DFL) == on_letter &&
         signal(SIGHUP, SIG_DFL) == SIG_DFL;
}

int main() {
  std::thread taker([] {
    started.arrive();
    installed.arrive();
    raise(SIGUSR2);
  });
  started.arrive();
  limit = 3;
  install(SIGUSR2, true);
  install(SIGUSR1, false);
  const bool known = is_installed();
  letter = 42;
  pthread_kill(taker.native_handle(), SIGUSR1);
  handled.arrive();
#ifdef LATE
  letter = 43;
  limit = 4;
#endif
  installed.arrive();
  taker.join();
  return known && (seen == 45 || limit == 4) ? 0 : 1;
}
