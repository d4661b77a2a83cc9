// SPDX-License-Identifier: Apache-2.0
// A producer sends the lines of an invoice, a consumer adds them up until the channel is closed. The producer returns
// without closing: the consumer waits for another line, and main for the consumer.
#include <gordian/gordian.h>

#include <cstdio>

void produce(gordian::SendChan<int> lines) {
  for (int cents : {1250, 399, 75}) {
    lines.send(cents);
  }
}

void consume(gordian::RecvChan<int> lines, int& total) {
  for (int cents : lines) {  // [1] waits for a line or the end
    total += cents;
  }
}

int main() {
  auto lines = gordian::make_chan<int>(2);
  gordian::WaitGroup done;
  int total = 0;
  done.go([=] { produce(lines); });
  done.go([=, &total] { consume(lines, total); });  // [go]
  done.wait();                                      // [2] waits for the consumer
  std::printf("total %d cents\n", total);
}
