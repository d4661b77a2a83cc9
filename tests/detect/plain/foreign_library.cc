// SPDX-License-Identifier: Apache-2.0
// A library without instrumentation, whose lock and whose worker thread synchronise by atomics that nobody sees: what
// its objects order is no race, what they do not is one, and its callbacks belong to the order as well.
// RUN: clang++ -std=c++20 -O1 -fPIC -shared -pthread -DLIBRARY %s -o %t.so
// RUN: %gordian_cxx -O1 %s %t.so -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -no-pie -fno-pie %s %t.so -o %t.fixed
// RUN: %gordian_run 0 %t.fixed | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s %t.so -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// Linked statically:
// RUN: clang++ -std=c++20 -O1 -DLIBRARY -c %s -o %t.o
// RUN: %gordian_cxx -O1 %s %t.o -o %t.static
// RUN: %gordian_run 0 %t.static | FileCheck %s
// RUN: %gordian_cxx -O1 -fsanitize=undefined %s %t.o -o %t.ubsan
// RUN: %gordian_run 0 %t.ubsan | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s %t.o -o %t.static_forgotten
// RUN: %gordian_run 66 %t.static_forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN-DAG: data race {{.*}}counter
// FORGOTTEN-DAG: data race {{.*}}answer
struct Lock {
  bool taken = false;
};
struct Job {
  void (*body)(Job*) = nullptr;
  int answer = 0;
  bool done = false;
};
void take(Lock* lock);
void give(Lock* lock);
void start(Job* job);
void wait(Job* job);

#ifdef LIBRARY
#include <pthread.h>
#include <sched.h>

namespace {

void* serve(void* argument) {
  auto* const slot = static_cast<Job**>(argument);
  Job* job = nullptr;
  while ((job = __atomic_load_n(slot, __ATOMIC_ACQUIRE)) == nullptr) {
    sched_yield();
  }
  job->body(job);
  __atomic_store_n(&job->done, true, __ATOMIC_RELEASE);
  return nullptr;
}

Job* posted = nullptr;
pthread_t worker;
const int started = pthread_create(&worker, nullptr, serve, &posted);  // long before there is a job

}  // namespace

void take(Lock* lock) {
  while (__atomic_exchange_n(&lock->taken, true, __ATOMIC_ACQUIRE)) {
    sched_yield();
  }
}
void give(Lock* lock) { __atomic_store_n(&lock->taken, false, __ATOMIC_RELEASE); }
void start(Job* job) { __atomic_store_n(&posted, job, __ATOMIC_RELEASE); }
void wait(Job* job) {
  while (!__atomic_load_n(&job->done, __ATOMIC_ACQUIRE)) {
    sched_yield();
  }
}
#else
#include <thread>

#include "support/step.h"

Lock lock;
int counter = 0;
Job job;
step::Meeting answered(2);

void count() {
#ifndef FORGOTTEN
  take(&lock);
#endif
  ++counter;
#ifndef FORGOTTEN
  give(&lock);
#endif
}

void answer(Job* job) {
  job->answer += 42;
  answered.arrive();
}

int main() {
  step::Order order;
  std::thread one([&] { order.at(0, count); });
  std::thread two([&] { order.at(1, count); });
  job.body = answer;
  job.answer = 1;
  start(&job);
  answered.arrive();
#ifndef FORGOTTEN
  wait(&job);
#endif
  const int seen = job.answer;
  one.join();
  two.join();
  return seen == 43 && counter == 2 ? 0 : 1;
}
#endif
