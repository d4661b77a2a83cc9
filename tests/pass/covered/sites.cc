// SPDX-License-Identifier: Apache-2.0
// What is left out keeps its site, which says who stands for it: the write for the read of an update, none for a read
// with a call before it.
// RUN: %cxx -std=c++20 -O1 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O1 -mllvm -gordian-keep=marked -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O1 -mllvm -gordian-covered=false -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefix=OFF
// OFF-NOT: covered by
int counter;
int limit;
void anything();

// CHECK: function update _Z6updatev
// CHECK-NEXT: site 0: read 4 [global] counter at update:{{[0-9:]+}} covered by 1
// CHECK-NEXT: site 1: write 4 [global] counter at update:{{[0-9:]+$}}
void update() { ++counter; }

// CHECK: function read _Z4readv
// CHECK-NEXT: site 0: read 4 [global] limit at read:{{[0-9:]+$}}
// CHECK-NEXT: site 1: read 4 [global] limit at read:{{[0-9:]+$}}
int read() {
  const int first = limit;
  anything();
  return first + limit;
}
