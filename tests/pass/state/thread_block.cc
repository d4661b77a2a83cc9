// SPDX-License-Identifier: Apache-2.0
// After a call the goroutine may be on another thread. What stays in a register is the distance of the block from the
// thread pointer; every access to it is relative to %fs again. Also in a loop, at -O3, and through LTO.
// RUN: %cxx -O3 -S %s -o - | FileCheck %s
// RUN: %cxx -O3 -flto -fuse-ld=lld -shared -fPIC %link_standin %s -o %t.so && llvm-objdump -d --no-show-raw-insn %t.so | FileCheck %s --check-prefix=LTO
void may_switch();
int counter;

// CHECK-LABEL: _Z6bouncev:
// CHECK: movq gordian_rt_thread@GOTTPOFF(%rip), [[D:%r[a-z0-9]+]]
// CHECK: movq %fs:16([[D]]), [[FRAME:%r[a-z0-9]+]]
// CHECK: movq %fs:([[D]]),
// CHECK: callq _Z10may_switchv
// CHECK: movq %fs:([[D]]),
// CHECK: cmpq %fs:8([[D]]),
// CHECK: callq _Z10may_switchv
// CHECK: movq %fs:([[D]]),
// The thread's own address is never taken.
// CHECK-NOT: %fs:0
// CHECK: .cfi_endproc

// LTO-LABEL: <_Z6bouncev>:
// LTO: callq {{.*}}may_switch
// LTO: movq %fs:(
// LTO: callq {{.*}}may_switch
// LTO: movq %fs:(
// LTO-NOT: %fs:0x0
// LTO: retq
void bounce() {
  counter = 1;
  may_switch();
  counter = 2;
  may_switch();
  counter = 3;
}
