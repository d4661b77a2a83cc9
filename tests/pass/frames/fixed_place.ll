; SPDX-License-Identifier: Apache-2.0
; Code for a fixed place: the address of another module's function would be that of the program's own jump to it. Whose
; it is, is asked of the address in the global offset table.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-LABEL: define void @caller(
; CHECK: [[PLACE:%.*]] = call ptr asm "movq ${1:p}@GOTPCREL(%rip), $0", "=r,^Ws"(ptr @first)
; CHECK-NEXT: call void @gordian_rt_foreign_call(ptr @gordian.kind.first, ptr [[PLACE]], ptr %gordian.foreign
; CHECK: call void @first()
define void @caller() sanitize_thread {
  call void @first()
  ret void
}

declare void @first()
