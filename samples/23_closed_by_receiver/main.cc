// SPDX-License-Identifier: Apache-2.0
// A generator sends numbers, a reader wants two of them and then closes the channel. The generator sends a third: into
// a closed channel, which is a panic.
#include <gordian/gordian.h>

#include <cstdio>

void generate(gordian::SendChan<int> numbers) {
  for (int i = 1; i <= 3; ++i) {
    numbers.send(i);  // [1] the third time it is closed
  }
}

int main() {
  auto numbers = gordian::make_chan<int>();
  gordian::WaitGroup generated;
  generated.go([=] { generate(numbers); });  // [go]
  std::printf("%d\n", numbers.recv());
  std::printf("%d\n", numbers.recv());
  numbers.close();  // [close] by the wrong side
  generated.wait();
}
