// SPDX-License-Identifier: Apache-2.0
// Main tells three workers to stop by closing the channel, which every receiver sees.
#include <gordian/gordian.h>

#include <cstdio>

void work(gordian::RecvChan<void> stop) { stop.recv(); }

int main() {
  auto stop = gordian::make_chan<void>();
  gordian::WaitGroup stopped;
  for (int i = 0; i < 3; ++i) {
    stopped.go([=] { work(stop); });
  }
  stop.close();
  stopped.wait();
  std::puts("all stopped");
}
