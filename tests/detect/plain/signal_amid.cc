// SPDX-License-Identifier: Apache-2.0
// A handler interrupts code that is busy with accesses and calls of its own: what either did is told, and at its place.
// Left by a long jump, it is over.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DREADS %s -o %t.reads
// RUN: %gordian_run 66 %t.reads | FileCheck %s --check-prefix=READS
// CHECK: no findings
// CHECK-NOT: left out
// READS-DAG: data race {{.*}}in_handler
// READS-DAG: data race {{.*}}outside
// READS-DAG: data race {{.*}}after_jump
// READS-DAG: {{^}}3 findings
// READS-NOT: left out
#include <pthread.h>
#include <setjmp.h>
#include <sys/time.h>

#include <csignal>

volatile sig_atomic_t taken = 0;
int in_handler = 0;
int outside = 0;
int after_jump = 0;
int copies[3];
sigjmp_buf before_jump;
bool jumps = false;

__attribute__((noinline)) void count(int& counter) { counter = counter + 1; }

void take(int) {
  count(in_handler);
  taken = taken + 1;
  if (jumps) {
    siglongjmp(before_jump, 1);
  }
}

void* read_all(void*) {
#ifdef READS
  copies[0] = in_handler;
  copies[1] = outside;
  copies[2] = after_jump;
#endif
  return nullptr;
}

int main() {
  sigset_t alarms;  // are main's: the reader keeps them blocked
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarms, nullptr);
  pthread_t reader;
  pthread_create(&reader, nullptr, read_all, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &alarms, nullptr);
  std::signal(SIGALRM, take);
  const itimerval often{{0, 100}, {0, 100}};  // microseconds
  setitimer(ITIMER_REAL, &often, nullptr);
  while (taken < 300) {
    count(outside);
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  if (sigsetjmp(before_jump, 1) == 0) {
    jumps = true;
    raise(SIGALRM);
  }
  count(after_jump);
  pthread_join(reader, nullptr);
}
