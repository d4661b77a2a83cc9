; SPDX-License-Identifier: Apache-2.0
; Accesses of one base as one record: the slow path asks for one word for all of them. Its number follows the sites'.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-groups=false -S %s | FileCheck %s --check-prefix=EACH
; RUN: %opt -passes=gordian -gordian-keep=marked -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

; Reads and writes mixed; the first one's address, and 3 << 47.
; CHECK-LABEL: define void @fields(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: [[NUMBER:%.*]] = ptrtoint ptr %b to i64
; CHECK: [[BITS:%.*]] = and i64 [[NUMBER]], 140737488355327
; CHECK: add i64 [[BITS]], 422212465065984
; EACH-LABEL: define void @fields(
; EACH: gordian_rt_access_slow(i64 3)
define void @fields(ptr %p) sanitize_thread {
  %b = getelementptr i8, ptr %p, i64 8
  %v = load i32, ptr %b
  store i32 %v, ptr %p
  %c = getelementptr i8, ptr %p, i64 16
  store i32 0, ptr %c
  ret void
}

; The same variable part, in words of one run; two bases are two words.
; CHECK-LABEL: define void @elements(
; CHECK: gordian_rt_access_slow(i64 2)
; EACH-LABEL: define void @elements(
; EACH: gordian_rt_access_slow(i64 4)
define void @elements(ptr %p, i64 %i, i64 %k) sanitize_thread {
  %a = getelementptr i64, ptr %p, i64 %i
  store i64 0, ptr %a
  %other = getelementptr i64, ptr %p, i64 %k
  store i64 0, ptr %other
  %next = add i64 %i, 1
  %b = getelementptr i64, ptr %p, i64 %next
  store i64 0, ptr %b
  %shifted = shl i64 %k, 3
  %bytes = add i64 %shifted, -8
  %before = getelementptr i8, ptr %p, i64 %bytes
  store i64 0, ptr %before
  ret void
}

; What may synchronise ends a run.
; CHECK-LABEL: define void @barrier(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call void @anything
; CHECK: gordian_rt_access_slow(i64 2)
; CHECK: fence
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @barrier(ptr %p, ptr %q) sanitize_thread {
  store i32 0, ptr %p
  call void @anything()
  %b = getelementptr i8, ptr %p, i64 8
  store i32 0, ptr %b
  store i32 0, ptr %q
  fence seq_cst
  %c = getelementptr i8, ptr %p, i64 16
  store i32 0, ptr %c
  ret void
}

; The index may wrap: 4294967295 + 1 is 0, and that is elsewhere. Not if it is said that it does not.
; CHECK-LABEL: define void @wraps(
; CHECK: gordian_rt_access_slow(i64 2)
; CHECK-LABEL: define void @does_not_wrap(
; CHECK: gordian_rt_access_slow(i64 1)
define void @wraps(ptr %p, i32 %i) sanitize_thread {
  %wide = zext i32 %i to i64
  %a = getelementptr i8, ptr %p, i64 %wide
  store i8 0, ptr %a
  %next = add i32 %i, 1
  %next.wide = zext i32 %next to i64
  %b = getelementptr i8, ptr %p, i64 %next.wide
  store i8 0, ptr %b
  ret void
}
define void @does_not_wrap(ptr %p, i32 %i) sanitize_thread {
  %wide = zext i32 %i to i64
  %a = getelementptr i8, ptr %p, i64 %wide
  store i8 0, ptr %a
  %next = add nuw i32 %i, 1
  %next.wide = zext i32 %next to i64
  %b = getelementptr i8, ptr %p, i64 %next.wide
  store i8 0, ptr %b
  ret void
}

; A distance is a signed 32-bit number.
; CHECK-LABEL: define void @far(
; CHECK: gordian_rt_access_slow(i64 2)
define void @far(ptr %p) sanitize_thread {
  store i8 0, ptr %p
  %far = getelementptr i8, ptr %p, i64 2147483648
  store i8 0, ptr %far
  %near = getelementptr i8, ptr %p, i64 2147483647
  store i8 0, ptr %near
  ret void
}

; In a loop that has to be recorded round by round the moving part is one base, too.
; CHECK-LABEL: define void @round_by_round(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call void @anything
define void @round_by_round(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  store i64 0, ptr %at
  %next = add nuw i64 %i, 1
  %behind = getelementptr i64, ptr %p, i64 %next
  store i64 0, ptr %behind
  call void @anything()
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

; In front of a loop: one strided record, of group 3, for all that have its count and stride.
; 1 << 63 | 4 << 58 | 3
; CHECK-LABEL: define void @ranges(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 8)
; CHECK: store i64 -8070450532247928829
; CHECK: store i64 100
; CHECK: store i64 16
; CHECK: store i64 -8070450532247928831
; CHECK: store i64 8
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define void @ranges(
define void @ranges(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %x = getelementptr { i64, i64 }, ptr %p, i64 %i
  %v = load i64, ptr %x
  %one = getelementptr i64, ptr %p, i64 %i
  store i64 %v, ptr %one
  %y = getelementptr { i64, i64 }, ptr %p, i64 %i, i32 1
  store i64 %v, ptr %y
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

declare void @anything()
