// SPDX-License-Identifier: Apache-2.0
// Main waits for a WaitGroup to which nothing was ever added: wait() returns at once, and main reads the answer while
// it is being computed.
#include <gordian/gordian.h>

#include <cstdio>

int answer = 0;

void compute(gordian::SendChan<void> logged) {
  answer = 42;  // [1] nobody waits for this
  logged.send();
}

int main() {
  gordian::WaitGroup computed;
  auto logged = gordian::make_chan<void>();
  gordian::go(compute, logged);  // [go] without add(1)
  computed.wait();
  std::printf("answer %d\n", answer);  // [2] too early
  logged.recv();
}
