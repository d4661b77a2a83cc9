// SPDX-License-Identifier: Apache-2.0
// Two channels are merged until both are closed. A closed one is set to nil, which takes its case out of the select:
// never being ready is what a nil channel is for.
#include <gordian/gordian.h>

#include <cstdio>
#include <initializer_list>

using gordian::on_recv;

gordian::RecvChan<int> numbers(std::initializer_list<int> values) {
  auto all = gordian::make_chan<int>(static_cast<int>(values.size()));
  for (int value : values) {
    all.send(value);
  }
  all.close();
  return all;
}

int main() {
  auto odd = numbers({1, 3, 5});
  auto even = numbers({2, 4});
  int sum = 0;
  while (odd || even) {
    gordian::Select{
        on_recv(odd,
                [&](int value, bool ok) {
                  sum += value;
                  if (!ok) {
                    odd = nullptr;
                  }
                }),
        on_recv(even,
                [&](int value, bool ok) {
                  sum += value;
                  if (!ok) {
                    even = nullptr;
                  }
                }),
    }
        .run();
  }
  std::printf("sum %d\n", sum);
}
