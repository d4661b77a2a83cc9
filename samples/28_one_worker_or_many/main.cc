// SPDX-License-Identifier: Apache-2.0
// Two cooks share one stove: goroutines on a single processor take turns, they never run at the same time. So they
// share the counter of dishes without a lock. But taking turns is not an order: the day that there are two stoves,
// dishes are lost.
#include <gordian/gordian.h>

#include <cstdio>

int dishes = 0;

void cook(int orders) {
  for (int i = 0; i < orders; ++i) {
    ++dishes;  // [1] never at the same time, never in an order
    gordian::yield();
  }
}

int main() {
  gordian::set_max_procs(1);
  gordian::WaitGroup closed;
  for (int i = 0; i < 2; ++i) {
    closed.go([] { cook(10); });  // [go]
  }
  closed.wait();
  std::printf("%d dishes\n", dishes);
}
