// SPDX-License-Identifier: Apache-2.0
// A thousand goroutines add one each, one at a time.
#include <gordian/gordian.h>

#include <cstdio>

gordian::Mutex mu;
int count = 0;  // guarded by mu

void increment(gordian::WaitGroup& done) {
  mu.lock();
  ++count;
  mu.unlock();
  done.done();
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 1000; ++i) {
    done.add(1);
    gordian::go([&done] { increment(done); });
  }
  done.wait();
  std::printf("final count: %d\n", count);
}
