// SPDX-License-Identifier: Apache-2.0
// Main tells three workers to stop by sending a value. A value is received by one of them only; the other two wait on.
#include <gordian/gordian.h>

#include <cstdio>

void work(gordian::RecvChan<void> stop) {
  stop.recv();  // [1] the value went to somebody else
}

int main() {
  auto stop = gordian::make_chan<void>();
  gordian::WaitGroup stopped;
  for (int i = 0; i < 3; ++i) {
    stopped.go([=] { work(stop); });  // [go]
  }
  stop.send();
  stopped.wait();  // [2]
  std::puts("all stopped");
}
