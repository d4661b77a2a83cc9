; SPDX-License-Identifier: Apache-2.0
; The entry block is split behind its stack slots, so that they stay fixed slots of the frame.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"
; CHECK-LABEL: define void @late_slot(
; CHECK-NEXT: %gordian.foreign{{[0-9]+}} = alloca [4 x i64]
; CHECK-NEXT: %gordian.foreign{{[0-9]+}} = alloca [4 x i64]
; CHECK-NEXT: %slot = alloca i32
; CHECK-NEXT: %gordian.distance = call
define void @late_slot(ptr %p) sanitize_thread {
  store i32 1, ptr %p
  %slot = alloca i32
  call void @take(ptr %slot)
  ret void
}
declare void @take(ptr)
