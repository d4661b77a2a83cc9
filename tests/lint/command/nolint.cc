// SPDX-License-Identifier: Apache-2.0
// Findings can be silenced where they stand; by another check's name they cannot.
// RUN: not %lint %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

int total = 0;

void all(int n) {
  gordian::go([&n] { ++n; });  // NOLINT
  gordian::go([&n] { ++n; });  // NOLINT(gordian-go-captures-local): n is static in truth
  gordian::go([&n] { ++n; });  // NOLINT(bugprone-*, gordian-*)
  // NOLINTNEXTLINE(gordian-go-captures-local)
  gordian::go([&n] { ++n; });
  // CHECK: :[[#@LINE+1]]:17: warning: 'n' is captured by reference
  gordian::go([&n] { ++n; });  // NOLINT(gordian-missing-unlock)
}
// CHECK-NOT: warning:
