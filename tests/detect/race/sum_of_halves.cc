// SPDX-License-Identifier: Apache-2.0
// Two goroutines add up half a vector each and send their sums.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <numeric>
#include <span>
#include <vector>

void sum(std::span<const int> numbers, gordian::SendChan<int> sums) {
  sums.send(std::accumulate(numbers.begin(), numbers.end(), 0));
}

int main() {
  const std::vector<int> numbers = {7, 2, 8, -9, 4, 0};
  const std::span<const int> all(numbers);
  auto sums = gordian::make_chan<int>();
  gordian::go(sum, all.first(3), sums);
  gordian::go(sum, all.last(3), sums);
  return sums.recv() + sums.recv() == 12 ? 0 : 1;
}
