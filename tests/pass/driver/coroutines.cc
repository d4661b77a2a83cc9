// SPDX-License-Identifier: Apache-2.0
// Coroutines are instrumented after they have been split: each part is a function of its own.
// RUN: %cxx -std=c++20 -O0 %link_standin %s -o %t && %t | FileCheck %s
// RUN: %cxx -std=c++20 -O2 %link_standin %s -o %t && %t | FileCheck %s
#include <coroutine>

struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

int first, second, done;

Task steps() {
  first = 1;
  co_await std::suspend_always{};
  second = 2;
}

int main() {
  Task task = steps();
  task.handle.resume();
  task.handle.resume();
  task.handle.destroy();
  done = 3;
}

// CHECK: access write size 4 line {{.*}} in steps depth {{.*}} name 'first'
// CHECK: access write size 4 line {{.*}} in steps depth {{.*}} name 'second'
// CHECK: access write size 4 line {{.*}} in main depth 1 name 'done'
