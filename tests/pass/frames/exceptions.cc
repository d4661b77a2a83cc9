// SPDX-License-Identifier: Apache-2.0
// Exceptions and longjmp cut the shadow stack back to the function that goes on: every access is recorded at its own
// depth. (At -O2 the recursion is a loop.)
// RUN: %cxx -O0 %link_standin %s -o %t && %t | FileCheck %s -DDEEP=5
// RUN: %cxx -O2 %link_standin %s -o %t && %t | FileCheck %s -DDEEP=2
#include <csetjmp>
#include <stdexcept>

int before, thrown, caught, jumped, landed;

[[gnu::noinline]] void deep(int n) {
  if (n > 0) {
    deep(n - 1);
    return;
  }
  thrown = 1;
  throw std::runtime_error("out");
}

jmp_buf place;
[[gnu::noinline]] void leap() {
  jumped = 1;
  std::longjmp(place, 1);
}

int main() {
  before = 1;
  try {
    deep(3);
  } catch (const std::exception&) {
    caught = 1;
  }
  if (setjmp(place) == 0) {
    leap();
  }
  landed = 1;
}

// CHECK: access write size 4 line {{.*}} in main depth 1 name 'before'
// CHECK: access write size 4 line {{.*}} in deep depth [[DEEP]] name 'thrown'
// CHECK: access write size 4 line {{.*}} in main depth 1 name 'caught'
// CHECK: access write size 4 line {{.*}} in leap depth 2 name 'jumped'
// CHECK: access write size 4 line {{.*}} in main depth 1 name 'landed'
