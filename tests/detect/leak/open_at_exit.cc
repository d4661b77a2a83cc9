// SPDX-License-Identifier: Apache-2.0
// The same with a channel that main still has when it calls exit(): it could have sent, so nothing is certain.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <cstdlib>

#include "support/step.h"

int main() {
  auto answers = gordian::make_chan<int>();
  gordian::go([=] { answers.recv(); });
  step::until_waiting(1);
  std::exit(0);
}
