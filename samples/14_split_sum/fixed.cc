// SPDX-License-Identifier: Apache-2.0
// The sum of a list, half of it added by each of two goroutines. Each has a sum of its own and sends it.
#include <gordian/gordian.h>

#include <cstdio>
#include <span>
#include <vector>

void add_up(std::span<const int> numbers, gordian::SendChan<int> sums) {
  int sum = 0;
  for (int number : numbers) {
    sum += number;
  }
  sums.send(sum);
}

int main() {
  const std::vector<int> numbers = {7, 2, 8, -9, 4, 0};
  const std::span<const int> all(numbers);
  auto sums = gordian::make_chan<int>();
  for (const auto half : {all.first(3), all.last(3)}) {
    gordian::go(add_up, half, sums);
  }
  const int first = sums.recv();
  const int second = sums.recv();
  std::printf("%d and %d are %d\n", first, second, first + second);
}
