// SPDX-License-Identifier: Apache-2.0
// The sum of a list, half of it added by each of two goroutines. Reading the list together is fine; adding into one
// variable is not.
#include <gordian/gordian.h>

#include <cstdio>
#include <span>
#include <vector>

int total = 0;

void add_up(std::span<const int> numbers) {
  for (int number : numbers) {
    total += number;  // [1] both halves
  }
}

int main() {
  const std::vector<int> numbers = {7, 2, 8, -9, 4, 0};
  const std::span<const int> all(numbers);
  gordian::WaitGroup done;
  for (const auto half : {all.first(3), all.last(3)}) {
    done.go([half] { add_up(half); });  // [go]
  }
  done.wait();
  std::printf("total %d\n", total);
}
