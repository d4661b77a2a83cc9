; SPDX-License-Identifier: Apache-2.0
; Functions of the C library that are no barrier, and have no place in the frame: what is accessed before one stands for
; the same access behind it.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-LABEL: define void @characters(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt
; CHECK: call i32 @isalpha(
; CHECK-NOT: gordian_rt
; CHECK: call i32 @tolower(
; CHECK-NOT: gordian_rt
; CHECK: call ptr @__ctype_b_loc()
; CHECK-NOT: gordian_rt
; CHECK: call ptr @__errno_location()
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @characters(ptr %p) sanitize_thread {
  %c = load i32, ptr %p
  %is = call i32 @isalpha(i32 %c)
  %low = call i32 @tolower(i32 %c)
  %table = call ptr @__ctype_b_loc()
  %errno = call ptr @__errno_location()
  %again = load i32, ptr %p
  ret void
}

; What it reads and writes is told, behind the call.
; CHECK-LABEL: define i64 @number(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @strtol(
; CHECK-NEXT: call void @gordian_rt_extent(ptr %end,
; CHECK-NEXT: call void @gordian_rt_extent(ptr %text,
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
define i64 @number(ptr %p, ptr %text, ptr %end) sanitize_thread {
  %a = load i64, ptr %p
  %n = call i64 @strtol(ptr %text, ptr %end, i32 10)
  %b = load i64, ptr %p
  ret i64 %n
}

; In every round of a loop.
; CHECK-LABEL: define void @text(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @text(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %p, i64 %i
  %c = load i32, ptr %at
  %low = call i32 @tolower(i32 %c)
  store i32 %low, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

; Not where the name is the program's own, or may be.
; CHECK-LABEL: define void @of_the_program(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i32 @toupper(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @of_the_program(ptr %p) sanitize_thread {
  %c = load i32, ptr %p
  %up = call i32 @toupper(i32 %c)
  %again = load i32, ptr %p
  ret void
}
; CHECK-LABEL: define void @without_builtins(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i32 @isalpha(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @without_builtins(ptr %p) sanitize_thread "no-builtins" {
  %c = load i32, ptr %p
  %is = call i32 @isalpha(i32 %c)
  %again = load i32, ptr %p
  ret void
}

define i32 @toupper(i32 %c) noinline {
  fence seq_cst
  ret i32 %c
}
declare i32 @isalpha(i32)
declare i32 @tolower(i32)
declare ptr @__ctype_b_loc()
declare ptr @__errno_location()
declare i64 @strtol(ptr, ptr, i32)
