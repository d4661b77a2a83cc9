// SPDX-License-Identifier: Apache-2.0
// Every optimisation level and both kinds of LTO instrument exactly once, and nothing of ThreadSanitizer is left.
// RUN: %cxx -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O1 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O3 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -Os -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -Oz -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O2 -flto -c %s -o %t.full.o && llvm-dis %t.full.o -o - | FileCheck %s
// RUN: %cxx -O2 -flto=thin -c %s -o %t.thin.o && llvm-dis %t.thin.o -o - | FileCheck %s
// The second round of a ThinLTO build leaves the module alone.
// RUN: %cxx -O2 -c -x ir %t.thin.o -o %t.o && llvm-nm %t.o | FileCheck %s --check-prefix=SYMBOLS
// RUN: llvm-dis %t.thin.o -o - | %opt -passes=gordian,gordian -S | FileCheck %s
// RUN: %cxx -O2 %link_standin %t.thin.o -flto=thin -fuse-ld=lld -o %t && %t | FileCheck %s --check-prefix=RUNS
// RUN: %cxx -O2 %link_standin %t.full.o -flto -fuse-ld=lld -o %t && %t | FileCheck %s --check-prefix=RUNS
int counter;
int main() {
  counter = 1;
  return 0;
}

// CHECK: @gordian.unit = internal global
// CHECK: @llvm.global_ctors = appending global [1 x {{.*}} { i32 0, ptr @gordian.load, ptr null }]
// CHECK: @llvm.global_dtors = appending global [1 x {{.*}} { i32 0, ptr @gordian.unload, ptr null }]
// CHECK: define {{.*}} @main(
// CHECK: @gordian_rt_access_slow(i64 1)
// CHECK-NOT: @gordian_rt_access_slow(i64
// CHECK-NOT: call {{.*}}@__tsan
// CHECK: {{^}}}
// CHECK: define internal void @gordian.load()
// CHECK-NOT: define internal void @gordian.load
// CHECK: !{i32 7, !"gordian.instrumented", i32 1}

// SYMBOLS-NOT: tsan
// SYMBOLS-DAG: U gordian_rt_access_slow
// SYMBOLS-DAG: U gordian_rt_unit_load
// SYMBOLS-NOT: tsan

// RUNS: access write size 4 line {{.*}} in main depth 1 name 'counter'
// RUNS-NOT: access
