// SPDX-License-Identifier: Apache-2.0
// A lookup with a timeout. The caller gives up, cancels the lookup, and waits until it has stopped before reading the
// result.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;
using gordian::on_recv;

int quote = 0;

void look_up(gordian::RecvChan<int> backend, gordian::RecvChan<void> cancelled, gordian::SendChan<void> answered) {
  gordian::Select{
      on_recv(backend, [&](int price) { quote = price; }),
      on_recv(cancelled, [] { quote = -1; }),
  }
      .run();
  answered.close();
}

int main() {
  auto backend = gordian::make_chan<int>();  // slow today: never answers
  auto cancel = gordian::make_chan<void>();
  auto answered = gordian::make_chan<void>();
  gordian::go(look_up, backend, cancel, answered);

  const int chosen = gordian::Select{on_recv(answered), on_recv(gordian::after(20ms))}.run();
  if (chosen == 1) {
    cancel.close();
    answered.recv();
  }
  std::printf("quote %d\n", quote);
}
