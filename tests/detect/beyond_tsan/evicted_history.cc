// SPDX-License-Identifier: Apache-2.0
// ThreadSanitizer remembers four accesses of a word. Here eight threads take turns to read the word between an audit
// and the write that it races with. They are ordered before the write: who only remembers them sees no race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DJOINED %s -o %t.joined
// RUN: %gordian_run 0 %t.joined | FileCheck %s --check-prefix=JOINED
// CHECK: data race {{.*}}rate
// JOINED: no findings
#include <thread>
#include <vector>

#include "support/step.h"

int rate = 3;
int audited = 0;
constexpr int kReaders = 8;
constexpr int kRounds = 10;
int read_by[kReaders] = {};

int main() {
  step::Order order;
  std::thread audit([&] {
    order.at(0, [] {
      audited = rate;  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
#ifdef JOINED
  audit.join();
#endif
  std::vector<std::thread> readers;
  for (int number = 0; number < kReaders; ++number) {
    readers.emplace_back([&, number] {
      for (int round = 0; round < kRounds; ++round) {
        order.at(round * kReaders + number + 1, [number] { read_by[number] += rate; });
      }
    });
  }
  for (auto& reader : readers) {
    reader.join();
  }
  rate = 4;  // CHECK-DAG: .cc:[[#@LINE]]
#ifndef JOINED
  audit.join();
#endif
}
// CHECK: 1 finding
