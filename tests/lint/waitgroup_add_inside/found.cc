// SPDX-License-Identifier: Apache-2.0
// Goroutines that count themselves: the wait may come first.
// RUN: not %lint --checks=waitgroup-add-inside %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

#include <thread>

void work();

void one() {
  gordian::WaitGroup wg;
  gordian::go([&] {
    // CHECK: :[[#@LINE+1]]:5: warning: 'wg' is added to in the goroutine that it counts; call add before the goroutine starts [gordian-waitgroup-add-inside]
    wg.add(1);
    gordian::Defer finally{[&] { wg.done(); }};
    work();
  });
  // CHECK: :[[#@LINE+1]]:3: note: this wait may come before the add, and then waits for nothing
  wg.wait();
}

void several(int n) {
  gordian::WaitGroup wg;
  for (int i = 0; i < n; ++i) {
    gordian::go([&wg] {
      // CHECK: :[[#@LINE+1]]:7: warning: 'wg' is added to in the goroutine that it counts
      wg.add(1);
      work();
      wg.done();
    });
  }
  wg.wait();
}

class Crawler {
 public:
  void run() {
    gordian::go([this] {
      // CHECK: :[[#@LINE+1]]:7: warning: 'running_' is added to in the goroutine that it counts
      running_.add(1);
      work();
      running_.done();
    });
    running_.wait();
  }

 private:
  gordian::WaitGroup running_;
};

gordian::WaitGroup everybody;

int main() {
  std::thread([] {
    // CHECK: :[[#@LINE+1]]:5: warning: 'everybody' is added to in the goroutine that it counts
    everybody.add(1);
    work();
    everybody.done();
  }).detach();
  everybody.wait();
}
// CHECK-NOT: warning:
