// SPDX-License-Identifier: Apache-2.0
// A thousand goroutines add one each. Main waits for all of them, and still may count fewer: two that read the same
// number write the same successor.
#include <gordian/gordian.h>

#include <cstdio>

int count = 0;

void increment(gordian::WaitGroup& done) {
  ++count;  // [1] read and written by all, in any order
  done.done();
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 1000; ++i) {
    done.add(1);
    gordian::go([&done] { increment(done); });  // [go]
  }
  done.wait();
  std::printf("final count: %d\n", count);
}
