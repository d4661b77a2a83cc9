// SPDX-License-Identifier: Apache-2.0
// C, and C's names.
// RUN: %cc -O0 %link_standin %s -o %t && %t | FileCheck %s
// RUN: %cc -O2 %link_standin %s -o %t && %t | FileCheck %s
struct point {
  int x, y;
};
struct point origin;

__attribute__((noinline)) static void move_to(struct point* p) { p->y = 1; }

int main(void) {
  move_to(&origin);
  return 0;
}

// CHECK: access write size 4 line {{.*}} in move_to depth 2 name '{{point::y|origin.y}}'
