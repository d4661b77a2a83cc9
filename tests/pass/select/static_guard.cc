// SPDX-License-Identifier: Apache-2.0
// A function-local static: whoever sees the guard set must see the initialisation before it, though the release is made
// inside libstdc++.
// RUN: %cxx -O2 -S -emit-llvm %s -o - | FileCheck %s
struct Table {
  Table();
  int cells[4];
};

Table& table() {
  static Table only;
  return only;
}

// CHECK-LABEL: define {{.*}} @_Z5tablev(
// CHECK: call void @gordian_rt_atomic_begin(ptr {{.*}}@_ZGVZ5tablevE4only)
// CHECK-NEXT: load atomic i8, ptr @_ZGVZ5tablevE4only acquire
// CHECK: call i32 @__cxa_guard_acquire(
// CHECK-NEXT: call void @gordian_rt_atomic_begin(ptr {{.*}}@_ZGVZ5tablevE4only)
// CHECK-NEXT: load atomic i8, ptr @_ZGVZ5tablevE4only acquire
// CHECK-NEXT: call void @gordian_rt_atomic_end(
// CHECK: @_ZN5TableC1Ev
// CHECK: call void @gordian_rt_atomic_begin(ptr {{.*}}@_ZGVZ5tablevE4only)
// CHECK-NEXT: call void @__cxa_guard_release(
// CHECK-NEXT: call void @gordian_rt_atomic_end(
