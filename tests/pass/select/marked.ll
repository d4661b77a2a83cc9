; SPDX-License-Identifier: Apache-2.0
; With -gordian-keep=marked each access is recorded by itself, and besides what would have been recorded otherwise, under
; sites of its own: behind those of the function, groups behind them all.
; RUN: %opt -passes=gordian,verify -gordian-keep=marked -S %s | FileCheck %s
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s --check-prefix=ONCE
target triple = "x86_64-pc-linux-gnu"

; Sites 0 and 1 are the fields, 2 and 3 double them, 4 is the group of these.
; CHECK-LABEL: define i32 @fields(
; CHECK-DAG: gordian_rt_access_slow(i64 2)
; CHECK-DAG: add i64 {{.*}}, 140737488355328
; CHECK-DAG: gordian_rt_access_slow(i64 1)
; CHECK-DAG: add i64 {{.*}}, 562949953421312
; CHECK: ret i32
; ONCE-LABEL: define i32 @fields(
; ONCE: gordian_rt_access_slow(i64 1)
; ONCE: add i64 {{.*}}, 281474976710656
; ONCE-NOT: gordian_rt_access_slow
; ONCE: ret i32
define i32 @fields(ptr %p) sanitize_thread {
  %q = getelementptr i8, ptr %p, i64 4
  %a = load i32, ptr %p
  %b = load i32, ptr %q
  %sum = add i32 %a, %b
  ret i32 %sum
}

; The range in front of the loop, and each access in it. Of what is covered there is no second record: site 1 is, by 0.
; CHECK-LABEL: define void @fill(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 2)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; ONCE-LABEL: define void @fill(
; ONCE: entry:
; ONCE: gordian_rt_access_slow(i64 4)
; ONCE-NOT: gordian_rt_access_slow
; ONCE: ret void
define void @fill(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %q = getelementptr i32, ptr %p, i64 %i
  store i32 1, ptr %q
  %a = load i32, ptr %q
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}
