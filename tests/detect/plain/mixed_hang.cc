// SPDX-License-Identifier: Apache-2.0
// One world: a thread keeps a std::mutex while it waits for a goroutine's message, and the goroutine locks that mutex
// before it sends. Who sleeps in the C library counts as awake, so the program is not ended by us. If both wait for
// channels, Go's message ends it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DCHANNELS %s -o %t.channels
// RUN: %gordian_run 2 %t.channels | FileCheck %s --check-prefix=CHANNELS
// CHECK: deadlock D1 (all-asleep, observed): 2 goroutines and threads wait for each other for ever
// CHANNELS: deadlock D1 (all-asleep, observed)
#include <gordian/gordian.h>

#include <mutex>
#include <thread>

std::mutex settings;
gordian::Chan<int> values = gordian::make_chan<int>();
gordian::Chan<int> never = gordian::make_chan<int>();

int main() {
  auto started = gordian::make_chan<void>();
  gordian::go([=] {
    started.recv();
#ifdef CHANNELS
    never.recv();
#else
    const std::lock_guard hold(settings);  // CHECK-DAG: waits for mutex settings at {{.*}}.cc:[[#@LINE]]
#endif
    values.send(1);
  });
  std::thread reader([=] {
    const std::lock_guard hold(settings);  // CHECK-DAG: mutex settings is held by thread {{.*}}.cc:[[#@LINE]]
    started.send();
    values.recv();  // CHECK-DAG: waits to receive from channel values at {{.*}}.cc:[[#@LINE]]
  });
  reader.join();
}
// CHECK: 1 finding
// CHANNELS-DAG: waits to receive from channel never
// CHANNELS-DAG: waits to receive from channel values
// CHANNELS: 1 finding
