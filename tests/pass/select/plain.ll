; SPDX-License-Identifier: Apache-2.0
; Which plain accesses are recorded. Each function makes one that counts, or none.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

@global = global i32 0
@fixed = constant i32 7
@__profc_main = global i64 0

; CHECK-LABEL: define void @through_pointer(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 2)
define void @through_pointer(ptr %p) sanitize_thread {
  %v = load i32, ptr %p
  store i32 %v, ptr @global
  ret void
}

; Volatile ones are accesses like any other.
; CHECK-LABEL: define void @volatile(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
define void @volatile(ptr %p) sanitize_thread {
  store volatile i8 1, ptr %p
  ret void
}

; A whole vector is one access.
; CHECK-LABEL: define <8 x i32> @vector(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
define <8 x i32> @vector(ptr %p) sanitize_thread {
  %v = load <8 x i32>, ptr %p
  ret <8 x i32> %v
}

; CHECK-LABEL: define i32 @own_slot(
; CHECK-NOT: gordian
; CHECK: ret i32
define i32 @own_slot(i32 %x) sanitize_thread {
  %slot = alloca i32
  store i32 %x, ptr %slot
  %v = load i32, ptr %slot
  ret i32 %v
}

; The address escapes: both accesses count, the one before as well.
; CHECK-LABEL: define i32 @shown_slot(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
; CHECK: call void @take
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
define i32 @shown_slot(i32 %x) sanitize_thread {
  %slot = alloca i32
  store i32 %x, ptr %slot
  call void @take(ptr %slot)
  %v = load i32, ptr %slot
  ret i32 %v
}

; A by-value argument is the callee's own copy.
; CHECK-LABEL: define i64 @own_copy(
; CHECK-NOT: gordian
; CHECK: ret i64
define i64 @own_copy(ptr byval(i64) %copy) sanitize_thread {
  %v = load i64, ptr %copy
  ret i64 %v
}

; CHECK-LABEL: define i32 @constant_memory(
; CHECK-NOT: gordian
; CHECK: ret i32
define i32 @constant_memory(ptr %p) sanitize_thread {
  %v = load i32, ptr @fixed
  %w = load i32, ptr %p, !invariant.load !0
  %s = add i32 %v, %w
  ret i32 %s
}

; The virtual table is constant; the pointer to it is not.
; CHECK-LABEL: define ptr @virtual_call_target(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret ptr
define ptr @virtual_call_target(ptr %object) sanitize_thread {
  %table = load ptr, ptr %object, !tbaa !1
  %slot = getelementptr ptr, ptr %table, i64 2
  %target = load ptr, ptr %slot
  ret ptr %target
}

; CHECK-LABEL: define void @compilers_own(
; CHECK-NOT: gordian
; CHECK: ret void
define void @compilers_own(ptr addrspace(1) %device, ptr %p) sanitize_thread {
  store i64 1, ptr @__profc_main
  store i64 1, ptr addrspace(1) %device
  store i64 1, ptr %p, !nosanitize !0
  ret void
}

; CHECK-LABEL: define void @unwanted(
; CHECK-NOT: gordian
; CHECK: ret void
define void @unwanted(ptr %p) {
  store i32 1, ptr %p
  ret void
}

; CHECK-LABEL: define void @closed(
; CHECK-NOT: gordian
; CHECK: ret void
define void @closed(ptr %p) sanitize_thread disable_sanitizer_instrumentation {
  store i32 1, ptr %p
  ret void
}

; A coroutine that has not been split yet has no frame to speak of.
; CHECK-LABEL: define void @unsplit(
; CHECK-NOT: gordian
; CHECK: ret void
define void @unsplit(ptr %p) sanitize_thread presplitcoroutine {
  store i32 1, ptr %p
  ret void
}

declare void @take(ptr)

!0 = !{}
!1 = !{!2, !2, i64 0}
!2 = !{!"vtable pointer", !3}
!3 = !{!"tbaa"}
