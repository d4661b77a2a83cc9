// SPDX-License-Identifier: Apache-2.0
// A thermometer offers a channel of alarms. The caller does not want any and drops it; the goroutine behind it waits to
// send on a channel that nobody else knows.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

gordian::RecvChan<int> watch(int degrees) {
  auto alarms = gordian::make_chan<int>();
  gordian::go([=] {        // [go]
    alarms.send(degrees);  // [1] there is no other end
  });
  return alarms;
}

int main() {
  watch(95);
  gordian::sleep(50ms);  // other work
  std::puts("done");
}
