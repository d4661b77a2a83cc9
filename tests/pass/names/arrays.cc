// SPDX-License-Identifier: Apache-2.0
// A row of objects: the members in the table are those of one element, whatever holds the row. A table of rows is none.
// RUN: %cxx -std=c++20 -O0 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
#include <array>

struct Fork {
  long id;
  int word;
};
// CHECK: global forks size 80 element 16 at
// CHECK-NEXT: member .id offset 0 size 8
// CHECK-NEXT: member .word offset 8 size 4
std::array<Fork, 5> forks;
// CHECK-NEXT: global plain size 48 element 16 at
// CHECK-NEXT: member .id offset 0 size 8
// CHECK-NEXT: member .word offset 8 size 4
Fork plain[3];
// CHECK-NEXT: global table size 24 element 0 at
int table[2][3];

int use(int i) { return forks[i].word + plain[i].word + table[i][0]; }
