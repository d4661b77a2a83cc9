// SPDX-License-Identifier: Apache-2.0
// A goroutine prints a number every half second. Main does not wait for it: it sleeps for what it thinks is long
// enough, returns, and the program ends with numbers unprinted.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

void print_numbers() {
  for (int i = 0; i < 10; ++i) {
    gordian::sleep(500ms);  // [1] here when the program ends
    std::printf("%d\n", i);
  }
}

int main() {
  gordian::go(print_numbers);  // [go]
  gordian::sleep(100ms);
}
