// SPDX-License-Identifier: Apache-2.0
// A producer sends the lines of an invoice and closes the channel; a consumer adds them up until it is closed and
// drained.
#include <gordian/gordian.h>

#include <cstdio>

void produce(gordian::SendChan<int> lines) {
  for (int cents : {1250, 399, 75}) {
    lines.send(cents);
  }
  lines.close();
}

void consume(gordian::RecvChan<int> lines, int& total) {
  for (int cents : lines) {
    total += cents;
  }
}

int main() {
  auto lines = gordian::make_chan<int>(2);
  gordian::WaitGroup done;
  int total = 0;
  done.go([=] { produce(lines); });
  done.go([=, &total] { consume(lines, total); });
  done.wait();
  std::printf("total %d cents\n", total);
}
