; SPDX-License-Identifier: Apache-2.0
; Copies and fills: small constant lengths are plain accesses of that size, everything else is a range.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-LABEL: define void @small(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 2)
; CHECK-NOT: gordian_rt_range
; CHECK: call void @llvm.memcpy
define void @small(ptr %to, ptr %from) sanitize_thread {
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 24, i1 false)
  ret void
}

; CHECK-LABEL: define void @large(
; CHECK: call void @gordian_rt_range(ptr %from, i64 4096, i32 0)
; CHECK-NEXT: call void @gordian_rt_range(ptr %to, i64 4096, i32 1)
; CHECK-NEXT: call void @llvm.memmove
define void @large(ptr %to, ptr %from) sanitize_thread {
  call void @llvm.memmove.p0.p0.i64(ptr %to, ptr %from, i64 4096, i1 false)
  ret void
}

; CHECK-LABEL: define void @dynamic(
; CHECK: [[N:%.*]] = zext i32 %n to i64
; CHECK-NEXT: call void @gordian_rt_range(ptr %to, i64 [[N]], i32 0)
; CHECK-NEXT: call void @llvm.memset
define void @dynamic(ptr %to, i32 %n) sanitize_thread {
  call void @llvm.memset.p0.i32(ptr %to, i8 0, i32 %n, i1 false)
  ret void
}

; The C functions, as -fno-builtin leaves them.
; CHECK-LABEL: define void @by_name(
; CHECK: call void @gordian_rt_range(ptr %from, i64 %n, i32 0)
; CHECK-NEXT: call void @gordian_rt_range(ptr %to, i64 %n, i32 1)
; CHECK-NEXT: call ptr @memcpy
define void @by_name(ptr %to, ptr %from, i64 %n) sanitize_thread {
  %r = call ptr @memcpy(ptr %to, ptr %from, i64 %n)
  ret void
}

; Each side is judged by itself: this target is the function's own.
; CHECK-LABEL: define i64 @one_side(
; CHECK: call void @gordian_rt_range(ptr %from, i64 128, i32 0)
; CHECK-NOT: gordian_rt_range
; CHECK: ret i64
define i64 @one_side(ptr %from) sanitize_thread {
  %copy = alloca [16 x i64]
  call void @llvm.memcpy.p0.p0.i64(ptr %copy, ptr %from, i64 128, i1 false)
  %v = load i64, ptr %copy
  ret i64 %v
}

; CHECK-LABEL: define void @nothing(
; CHECK-NOT: gordian
; CHECK: ret void
define void @nothing(ptr %to) sanitize_thread {
  call void @llvm.memset.p0.i64(ptr %to, i8 0, i64 0, i1 false)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i32(ptr, i8, i32, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare ptr @memcpy(ptr, ptr, i64)
