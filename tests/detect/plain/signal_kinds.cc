// SPDX-License-Identifier: Apache-2.0
// A handler of one kind replaces one of the other while signals come: each is called as what it is. With the wrong kind
// the second argument would be whatever a register held.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <signal.h>
#include <sys/time.h>

#include <cstdlib>

volatile sig_atomic_t taken = 0;
constexpr int kSignals = 1000;

void take(int signal) {
  if (signal != SIGALRM) {
    std::abort();
  }
  taken = taken + 1;
}

void take_with_info(int signal, siginfo_t* info, void* context) {
  if (signal != SIGALRM || context == nullptr || info->si_signo != SIGALRM) {
    std::abort();
  }
  taken = taken + 1;
}

void install(bool wants_info) {
  struct sigaction action{};
  if (wants_info) {
    action.sa_sigaction = take_with_info;
    action.sa_flags = SA_SIGINFO;
  } else {
    action.sa_handler = take;
  }
  struct sigaction before{};
  if (sigaction(SIGALRM, &action, &before) != 0) {
    std::abort();
  }
  const bool is_other_kind = wants_info ? before.sa_handler == take : before.sa_sigaction == take_with_info;
  if (!is_other_kind && before.sa_handler != SIG_DFL) {
    std::abort();
  }
}

int main() {
  install(false);
  const itimerval often{{0, 100}, {0, 100}};  // microseconds
  setitimer(ITIMER_REAL, &often, nullptr);
  for (int round = 0; taken < kSignals; ++round) {
    install(round % 2 == 0);
  }
}
