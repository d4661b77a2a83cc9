// SPDX-License-Identifier: Apache-2.0
// libstdc++ drops its atomics while the process has one thread; goroutines on that thread still need to be seen.
// RUN: %cxx -O2 -S -emit-llvm %s -o - | FileCheck %s
#include <memory>

// CHECK-LABEL: define {{.*}} @_Z4dropRSt10shared_ptrIiE(
// CHECK-NOT: __libc_single_threaded
// CHECK: call void @gordian_rt_atomic_begin
// CHECK-NEXT: atomicrmw {{.*}} acq_rel
void drop(std::shared_ptr<int>& p) { p.reset(); }
