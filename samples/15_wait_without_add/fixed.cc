// SPDX-License-Identifier: Apache-2.0
// Main adds one to the WaitGroup before it starts the goroutine, so there is something to wait for.
#include <gordian/gordian.h>

#include <cstdio>

int answer = 0;

void compute(gordian::WaitGroup& computed) {
  answer = 42;
  computed.done();
}

int main() {
  gordian::WaitGroup computed;
  computed.add(1);
  gordian::go([&computed] { compute(computed); });
  computed.wait();
  std::printf("answer %d\n", answer);
}
