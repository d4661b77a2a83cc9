// SPDX-License-Identifier: Apache-2.0
// Two goroutines count in the library at once: a race, seen only where the library is instrumented.
#include <gordian/gordian.h>

#include <cstdio>

#include "part.h"

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 2; ++i) {
    done.go([] { count_visitors(10); });
  }
  done.wait();
  std::printf("counted %d\n", visitors_counted() > 0 ? 1 : 0);
}
