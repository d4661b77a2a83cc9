// SPDX-License-Identifier: Apache-2.0
// The program ends by exit() while a goroutine waits for a value that nobody is left to send.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: stuck goroutine
#include <gordian/gordian.h>

#include <chrono>
#include <cstdlib>

using namespace std::chrono_literals;

int main() {
  auto answers = gordian::make_chan<int>();
  gordian::go([=] { answers.recv(); });
  gordian::go([=] {  // CHECK-DAG: .cc:[[#@LINE]]
    answers.send(1);
    answers.send(2);  // CHECK-DAG: .cc:[[#@LINE]]
  });
  gordian::sleep(100ms);
  std::exit(0);
}
// CHECK: 1 finding
