// SPDX-License-Identifier: Apache-2.0
// A work-stealing deque (Chase and Lev 2005; the orders are those of Le, Pop, Cohen and Zappa Nardelli, PPoPP 2013):
// nothing but atomics and fences stands between a task's owner and its thief. Without the fence in push() the task is
// handed over with nothing that orders it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DNO_FENCE %s -o %t.no_fence
// RUN: %gordian_run 66 %t.no_fence | FileCheck %s --check-prefix=NO_FENCE
// CHECK: no findings
// NO_FENCE: data race {{.*}}: tasks[
#include <array>
#include <atomic>
#include <thread>

#include "support/step.h"

struct Task {
  int input = 0;
  int output = 0;
};

class Deque {
 public:
  void push(Task* task) {
    const long bottom = bottom_.load(std::memory_order_relaxed);
    slot(bottom).store(task, std::memory_order_relaxed);
#ifndef NO_FENCE
    std::atomic_thread_fence(std::memory_order_release);  // steal() reads bottom_ with acquire
#endif
    bottom_.store(bottom + 1, std::memory_order_relaxed);
  }
  Task* pop() {
    const long bottom = bottom_.load(std::memory_order_relaxed) - 1;
    bottom_.store(bottom, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the one in steal(): one of both sees the other's index
    long top = top_.load(std::memory_order_relaxed);
    Task* task = top <= bottom ? slot(bottom).load(std::memory_order_relaxed) : nullptr;
    if (top >= bottom) {
      if (top == bottom && !advance(top)) {
        task = nullptr;  // a thief had the last one
      }
      bottom_.store(bottom + 1, std::memory_order_relaxed);
    }
    return task;
  }
  Task* steal() {
    long top = top_.load(std::memory_order_acquire);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (top >= bottom_.load(std::memory_order_acquire)) {
      return nullptr;
    }
    Task* task = slot(top).load(std::memory_order_relaxed);
    return advance(top) ? task : nullptr;
  }

 private:
  bool advance(long& top) {
    return top_.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst, std::memory_order_relaxed);
  }
  std::atomic<Task*>& slot(long index) { return slots_[static_cast<std::size_t>(index) % slots_.size()]; }

  std::atomic<long> top_{0};
  std::atomic<long> bottom_{0};
  std::array<std::atomic<Task*>, 64> slots_{};  // as many as there are tasks: it never grows
};

Deque deque;
std::array<Task, 60> tasks;
std::atomic<int> left{60};
step::Meeting stolen(3);  // both thieves have had a task before the owner takes one

void work(Task& task) {
  task.output = task.input + 1;  // NO_FENCE-DAG: {{reads|writes}} at {{.*}}.cc:[[#@LINE]]
  left.fetch_sub(1, std::memory_order_release);
}

void steal_all() {
  bool first = true;
  while (left.load(std::memory_order_relaxed) > 0) {
    Task* task = deque.steal();
    if (task == nullptr) {
      std::this_thread::yield();
      continue;
    }
    work(*task);
    if (first) {
      stolen.arrive();
      first = false;
    }
  }
}

int main() {
  std::thread one(steal_all);
  std::thread two(steal_all);
  int number = 0;
  for (Task& task : tasks) {
    task.input = ++number;  // NO_FENCE-DAG: writes at {{.*}}.cc:[[#@LINE]]
    deque.push(&task);
  }
  stolen.arrive();
  while (left.load(std::memory_order_acquire) > 0) {
    if (Task* task = deque.pop(); task != nullptr) {
      work(*task);
    }
  }
  int sum = 0;
  for (const Task& task : tasks) {
    sum += task.output;
  }
  one.join();
  two.join();
  return sum == 1890 ? 0 : 1;
}
