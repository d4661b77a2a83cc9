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

// CHECK-NEXT: global room size 104 element 0 at
// CHECK-NEXT: member room.size offset 0 size 4
// CHECK-NEXT: member room.forks offset 8 size 32 element 16 inner 2
// CHECK-NEXT: member .id offset 0 size 8
// CHECK-NEXT: member .word offset 8 size 4
// CHECK-NEXT: member room.chairs offset 40 size 12 element 4 inner 0
// CHECK-NEXT: member room.shelf offset 56 size 48 element 24 inner 4
// CHECK-NEXT: member .books offset 0 size 16 element 16 inner 2
// CHECK-NEXT: member .id offset 0 size 8
// CHECK-NEXT: member .word offset 8 size 4
// CHECK-NEXT: member .height offset 16 size 8
struct Shelf {
  Fork books[1];
  long height;
};
struct Room {
  int size;
  Fork forks[2];
  int chairs[3];
  std::array<Shelf, 2> shelf;
} room;

int use(int i) { return forks[i].word + plain[i].word + table[i][0] + room.chairs[i]; }
