// SPDX-License-Identifier: Apache-2.0
// A group lists its members' sites, and how far from the first one they lie. What is left of a loop that was unrolled
// is one group, of 64 members at most.
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -mllvm -gordian-groups=false -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefix=OFF
// RUN: %cxx -std=c++20 -O2 -mllvm -gordian-keep=marked -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefix=MARKED
// OFF-NOT: group
struct Body {
  double place[3];
  double speed;
};

// CHECK: function move _Z4moveP4Body
// CHECK-NEXT: site 0: read 8 [field] Body::speed
// CHECK-NEXT: site 1: write 8
// CHECK-NEXT: site 2: write 8
// CHECK-NEXT: site 3: write 8
// CHECK-NEXT: group 4: 0@0 1@-24 2@-16 3@-8
// MARKED: function move _Z4moveP4Body
// MARKED-NEXT: site 0: read 8 [field] Body::speed at move:{{[0-9:]+$}}
// MARKED: site 4: read 8 [field] Body::speed at move:{{[0-9:]+}} doubles
// MARKED: group 8: 4@0 5@-24 6@-16 7@-8
void move(Body* body) {
  const double speed = body->speed;
  for (double& place : body->place) {
    place = speed;
  }
}

// CHECK: function many _Z4manyPi
// CHECK: site 69: write 4
// CHECK-NEXT: group 70: 0@0 1@4 {{.*}} 63@252{{$}}
// CHECK-NEXT: group 71: 64@0 {{.*}} 69@20{{$}}
// CHECK-NOT: group
void many(int* p) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 70; ++i) {
    p[i] = i;
  }
}
