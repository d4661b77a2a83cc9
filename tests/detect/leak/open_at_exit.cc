// SPDX-License-Identifier: Apache-2.0
// The same with a channel that main still has when it calls exit(): it could have sent, so nothing is certain.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>
#include <cstdlib>

using namespace std::chrono_literals;

int main() {
  auto answers = gordian::make_chan<int>();
  gordian::go([=] { answers.recv(); });
  gordian::sleep(100ms);
  std::exit(0);
}
