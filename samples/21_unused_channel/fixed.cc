// SPDX-License-Identifier: Apache-2.0
// A thermometer offers a channel of alarms only to those who ask for it. A channel that is made, used by nobody and
// dropped is no fault: its last handle frees it.
#include <gordian/gordian.h>

#include <cstdio>

int watch(int degrees, gordian::SendChan<int> alarms) {
  if (alarms) {
    gordian::go([=] { alarms.send(degrees); });
  }
  return degrees;
}

int main() {
  watch(95, nullptr);
  auto unused = gordian::make_chan<int>();
  const auto alarms = gordian::make_chan<int>();
  watch(97, alarms);
  std::printf("alarm at %d\n", alarms.recv());
}
