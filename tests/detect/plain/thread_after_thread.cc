// SPDX-License-Identifier: Apache-2.0
// One thread has ended before the next is created, but nobody joined it in between: nothing orders the two, whether
// they get the same argument or one that lies where the first one's lay. What std::thread hands to its thread does.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK-DAG: data race {{.*}}by_threads
// CHECK-DAG: data race {{.*}}by_pthreads
// CHECK-DAG: 2 findings
// RUN: %gordian_run 0 %t joined | FileCheck --check-prefix=CLEAN %s
// CLEAN: no findings
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

std::atomic<int> running;  // its thread's number; orders nothing
int by_threads;
int by_pthreads;

void wait_for_end() {
  int thread = 0;
  while (thread == 0) {
    sched_yield();
    thread = running.exchange(0, std::memory_order_relaxed);
  }
  const std::string path = "/proc/self/task/" + std::to_string(thread);
  while (access(path.c_str(), F_OK) == 0) {
    sched_yield();
  }
}

void count_thread() {
  ++by_threads;
  running.store(gettid(), std::memory_order_relaxed);
}

void* count_pthread(void* counter) {
  ++*static_cast<int*>(counter);
  running.store(gettid(), std::memory_order_relaxed);
  return nullptr;
}

int main(int argc, char**) {
  const bool joined = argc > 1;
  std::thread threads[2];
  for (std::thread& each : threads) {
    each = std::thread(count_thread);
    wait_for_end();
    if (joined) {
      each.join();
    }
  }
  pthread_t pthreads[2];
  for (pthread_t& each : pthreads) {
    pthread_create(&each, nullptr, count_pthread, &by_pthreads);
    wait_for_end();
    if (joined) {
      pthread_join(each, nullptr);
    }
  }
  for (int i = 0; !joined && i < 2; ++i) {
    threads[i].join();
    pthread_join(pthreads[i], nullptr);
  }
}
