// SPDX-License-Identifier: Apache-2.0
// A goroutine prints a number now and then; main waits until it has printed the last.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

void print_numbers() {
  for (int i = 0; i < 10; ++i) {
    gordian::sleep(10ms);
    std::printf("%d\n", i);
  }
}

int main() {
  gordian::WaitGroup printed;
  printed.go(print_numbers);
  printed.wait();
}
