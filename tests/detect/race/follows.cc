// SPDX-License-Identifier: Apache-2.0
// Two workers that draw the same ticket write to one slot. With an atomic ticket they never do: the race on the slots
// follows from the one on the ticket, and the report says which to mend. The one on `independent` stands alone.
// RUN: %gordian_cxx -O0 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O2 %s -o %t.optimised
// RUN: %gordian_run 66 %t.optimised | FileCheck %s
// RUN: %gordian_cxx -O1 -DATOMIC %s -o %t.atomic
// RUN: %gordian_run 66 %t.atomic | FileCheck %s --check-prefix=MENDED
// CHECK: data race R1 {{.*}}: {{independent|ticket}} is
// CHECK-NOT: follows:
// CHECK: data race R2 {{.*}}: {{independent|ticket}} is
// CHECK-NOT: follows:
// CHECK: data race R3 {{.*}}: slots{{.*}} is
// CHECK: follows: one side had read what raced in R{{[12]}} before
// CHECK: 3 findings
// MENDED: data race R1 {{.*}}: independent is
// MENDED-NOT: follows:
// MENDED: 1 finding:
#include <gordian/gordian.h>

#include <atomic>

#ifdef ATOMIC
std::atomic<int> ticket;
#else
int ticket;
#endif
int slots[2];
int independent;
std::atomic<int> arrived;

// Both are here; orders nothing.
void meet() {
  arrived.fetch_add(1, std::memory_order_relaxed);
  while (arrived.load(std::memory_order_relaxed) < 2) {
    gordian::yield();
  }
}

int draw() {
#ifdef ATOMIC
  const int mine = ticket++;
  meet();
#else
  const int mine = ticket;
  meet();
  ticket = mine + 1;
#endif
  return mine;
}

void work() {
  independent = 1;
  const int mine = draw();
  slots[mine] = mine;
}

int main() {
  gordian::WaitGroup both;
  for (int i = 0; i < 2; ++i) {
    both.go(work);
  }
  both.wait();
}
