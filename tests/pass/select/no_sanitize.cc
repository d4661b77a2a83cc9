// SPDX-License-Identifier: Apache-2.0
// The attribute of ThreadSanitizer means the same here, on functions and lambdas; so does the one that closes a
// function to all sanitizers. Both hold at every level, and keep the function from being inlined into one that is
// recorded.
// RUN: %cxx -std=c++20 -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -flto=thin -c %s -o %t.bc && llvm-dis %t.bc -o - | FileCheck %s
int counter;

// CHECK-LABEL: define {{.*}} @_Z6hiddenv(
// CHECK-NOT: gordian
// CHECK: ret void
__attribute__((no_sanitize("thread"))) void hidden() { counter = 1; }

// CHECK-LABEL: define {{.*}} @_Z6closedv(
// CHECK-NOT: gordian
// CHECK: ret void
__attribute__((disable_sanitizer_instrumentation)) void closed() { counter = 2; }

// CHECK-LABEL: define {{.*}} @_Z4seenv(
// CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(
// CHECK: call void @_Z6hiddenv()
void seen() {
  counter = 3;
  hidden();
}
