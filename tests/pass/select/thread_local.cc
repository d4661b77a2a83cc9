// SPDX-License-Identifier: Apache-2.0
// A thread_local whose address stays in direct loads and stores belongs to one thread, and goroutines on a thread take
// turns: not recorded. One whose address is passed on is memory like any other.
// RUN: %cxx -O0 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
void take(int*);
static thread_local int own;
static thread_local int shown;

// CHECK-NOT: site {{.*}}own
// CHECK: write 4 [global] shown at use:
// CHECK-NOT: site {{.*}}own
void use(int n) {
  own = n;
  shown = own;
  take(&shown);
}
