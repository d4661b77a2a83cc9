// SPDX-License-Identifier: Apache-2.0
// What the analysis remembers has a limit: with little room a race is missed, and the report says that it may be.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: rm -f %t.gtrace
// RUN: %gordian record -q -o %t.gtrace -- %t
// RUN: not %gordian analyze %t.gtrace | FileCheck %s
// RUN: %gordian analyze --memory=1 %t.gtrace | FileCheck %s --check-prefix=LITTLE
// RUN: not %gordian analyze --memory=256 %t.gtrace | FileCheck %s
// RUN: not %gordian analyze --memory=0 %t.gtrace 2>&1 | FileCheck %s --check-prefix=NONE
// CHECK: data race {{.*}}last
// CHECK-NOT: left out
// LITTLE: no findings
// LITTLE: memory accesses left out
// NONE: --memory
#include <thread>

constexpr int kPages = 4096;
char pages[kPages][4096];
alignas(4096) int last = 0;

int main() {
  for (int round = 0; round < 2; ++round) {
    for (auto& page : pages) {
      page[round * 64] = 1;
    }
  }
  std::thread other([] { ++last; });
  ++last;
  other.join();
  return 0;
}
