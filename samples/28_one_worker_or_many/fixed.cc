// SPDX-License-Identifier: Apache-2.0
// Two cooks share one stove, then have one each. The program is written for many tasks at once and does not care how
// many of them really run at the same time: that is the machine's business.
#include <gordian/gordian.h>

#include <cstdio>

gordian::Atomic<int> dishes;

void cook(int orders) {
  for (int i = 0; i < orders; ++i) {
    dishes.add(1);
    gordian::yield();
  }
}

int main() {
  for (int stoves : {1, 2}) {
    gordian::set_max_procs(stoves);
    gordian::WaitGroup closed;
    for (int i = 0; i < 2; ++i) {
      closed.go([] { cook(10); });
    }
    closed.wait();
    std::printf("%d dishes on %d stoves\n", dishes.load(), stoves);
  }
}
