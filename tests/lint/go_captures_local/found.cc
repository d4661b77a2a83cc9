// SPDX-License-Identifier: Apache-2.0
// Locals that a goroutine or thread may outlive.
// RUN: not %lint --checks=go-captures-local %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

void work(int& out);
void count(int* out) { ++*out; }

void fire_and_forget() {
  int total = 0;
  // CHECK: :[[#@LINE+3]]:{{[0-9]+}}: warning: 'total' is captured by reference, but the goroutine may outlive it [gordian-go-captures-local]
  // CHECK: :[[#@LINE+2]]:3: note: the goroutine starts here
  // CHECK: :[[#@LINE+2]]:1: note: 'total' ends here, and nothing on the way has waited
  gordian::go([&] { total = 1; });
}

int early_return(bool quick) {
  gordian::WaitGroup wg;
  int total = 0;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference, but the goroutine may outlive it
  wg.go([&] { total = 1; });
  if (quick) {
    // CHECK: :[[#@LINE+1]]:5: note: 'total' ends here
    return 0;
  }
  wg.wait();
  return total;
}

void detached() {
  std::string name = "x";
  std::vector<int> numbers;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'name' and 'numbers' are captured by reference, but the thread may outlive them
  std::thread([&name, &numbers] { numbers.push_back(static_cast<int>(name.size())); }).detach();
}

void by_address() {
  int total = 0;
  int other = 0;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is passed by reference, but the goroutine may outlive it
  gordian::go(count, &total);
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'other' is passed by reference, but the goroutine may outlive it
  gordian::go(work, std::ref(other));
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference
  gordian::go([pointer = &total] { ++*pointer; });
}

// The inner scope ends before the join.
void joined_too_late() {
  std::thread worker;
  {
    int total = 0;
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference, but the thread may outlive it
    worker = std::thread([&] { total = 1; });
  }
  worker.join();
}

// Destroyed in reverse order: first total, then the jthread, which joins.
void jthread_declared_first() {
  std::jthread worker;
  int total = 0;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference
  worker = std::jthread([&] { total = 1; });
}

void in_a_loop(int n, bool quick) {
  gordian::WaitGroup wg;
  int total = 0;
  for (int i = 0; i < n; ++i) {
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference
    wg.go([&] { total = 1; });
  }
  if (quick) {
    return;
  }
  wg.wait();
}

void exception(int n) {
  gordian::WaitGroup wg;
  int total = 0;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference
  wg.go([&] { total = 1; });
  if (n < 0) {
    throw n;
  }
  wg.wait();
}

void named_lambda(int n) {
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'n' is captured by reference
  auto body = [&n] { ++n; };
  gordian::go(body);
}

// Destroyed in reverse order: first total, then the group, which waits.
void group_declared_first(bool quick) {
  gordian::ErrGroup group;
  int total = 0;
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'total' is captured by reference
  group.go([&] { total = 1; });
  if (quick) {
    return;
  }
  group.wait();
}

int main() {
  for (int i = 0; i < 2; ++i) {
    int square = i * i;
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'square' is captured by reference
    gordian::go([&] { ++square; });
  }
}
// CHECK-NOT: warning:
