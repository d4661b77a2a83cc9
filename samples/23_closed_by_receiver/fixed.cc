// SPDX-License-Identifier: Apache-2.0
// A generator sends numbers until the reader has had enough. The reader says so on a channel of its own; the channel of
// the numbers is closed by its sender.
#include <gordian/gordian.h>

#include <cstdio>

using gordian::on_recv;
using gordian::on_send;

void generate(gordian::SendChan<int> numbers, gordian::RecvChan<void> enough) {
  for (int i = 1; gordian::Select{on_send(numbers, i), on_recv(enough)}.run() == 0; ++i) {
  }
  numbers.close();
}

int main() {
  auto numbers = gordian::make_chan<int>();
  auto enough = gordian::make_chan<void>();
  gordian::WaitGroup generated;
  generated.go([=] { generate(numbers, enough); });
  std::printf("%d\n", numbers.recv());
  std::printf("%d\n", numbers.recv());
  enough.close();
  generated.wait();
}
