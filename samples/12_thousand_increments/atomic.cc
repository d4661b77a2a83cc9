// SPDX-License-Identifier: Apache-2.0
// A thousand goroutines add one each, without a lock: the addition is one step that nothing comes between.
#include <gordian/gordian.h>

#include <atomic>
#include <cstdio>

std::atomic<int> count = 0;

void increment(gordian::WaitGroup& done) {
  ++count;
  done.done();
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 1000; ++i) {
    done.add(1);
    gordian::go([&done] { increment(done); });
  }
  done.wait();
  std::printf("final count: %d\n", count.load());
}
