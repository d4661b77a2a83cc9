; SPDX-License-Identifier: Apache-2.0
; Calls that are no barrier: what is accessed before one stands for the same access behind it.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-quiet=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

define internal i64 @glance(ptr %p) nounwind sanitize_thread noinline {
  %v = load i64, ptr %p
  ret i64 %v
}
; It calls itself; its loop ends.
define internal i64 @descend(ptr %p, i64 %n) nounwind sanitize_thread noinline {
entry:
  %deep = icmp eq i64 %n, 0
  br i1 %deep, label %bottom, label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  store i64 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %loop, label %below
below:
  %less = sub i64 %n, 1
  %v = call i64 @descend(ptr %p, i64 %less)
  ret i64 %v
bottom:
  ret i64 0
}
define internal i64 @spins(ptr %p) nounwind sanitize_thread noinline {
entry:
  br label %loop
loop:
  %v = load i64, ptr %p
  %set = icmp ne i64 %v, 0
  br i1 %set, label %done, label %loop
done:
  ret i64 %v
}
define internal i64 @throws(ptr %p) sanitize_thread noinline {
  %v = load i64, ptr %p
  ret i64 %v
}
define internal i64 @synchronises(ptr %p) nounwind sanitize_thread noinline {
  %v = load atomic i64, ptr %p acquire, align 8
  ret i64 %v
}
define internal i64 @calls_one(ptr %p) nounwind sanitize_thread noinline {
  %v = call i64 @synchronises(ptr %p)
  ret i64 %v
}
; No frame of it stays, so nothing ends it.
define internal i64 @for_ever(ptr %p) nounwind sanitize_thread noinline {
  %v = load i64, ptr %p
  %w = musttail call i64 @for_ever(ptr %p)
  ret i64 %w
}
define internal i64 @copies(ptr %p) nounwind sanitize_thread noinline {
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %p, i64 8, i1 true)
  ret i64 0
}
define internal i64 @looks(ptr %p) nounwind sanitize_thread noinline {
  %v = load volatile i64, ptr %p
  ret i64 %v
}
define internal i64 @not_instrumented(ptr %p) nounwind noinline {
  %v = load i64, ptr %p
  ret i64 %v
}
define i64 @may_be_another(ptr %p) nounwind sanitize_thread noinline {
  %v = load i64, ptr %p
  ret i64 %v
}
define weak i64 @may_be_replaced(ptr %p) nounwind sanitize_thread noinline {
  %v = load i64, ptr %p
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_glance(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @glance(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
define i64 @before_glance(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @glance(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; EACH-LABEL: define i64 @before_descend(
; EACH: call i64 @descend(
; EACH: gordian_rt_access_slow(i64 1)
; EACH: ret i64
; CHECK-LABEL: define i64 @before_descend(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @descend(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
define i64 @before_descend(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @descend(ptr %p, i64 4)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_may_be_another(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @may_be_another(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
define i64 @before_may_be_another(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @may_be_another(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_spins(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @spins(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_spins(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @spins(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_throws(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @throws(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_throws(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @throws(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_synchronises(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @synchronises(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_synchronises(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @synchronises(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_calls_one(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @calls_one(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_calls_one(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @calls_one(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_may_be_replaced(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @may_be_replaced(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_may_be_replaced(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @may_be_replaced(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; What <math.h> writes is errno.
; CHECK-LABEL: define void @compute(
; CHECK: gordian_rt_access_slow(i64 2)
; CHECK: call double @exp(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @compute(ptr %p, ptr %q) sanitize_thread {
  %x = load double, ptr %p
  %y = call double @exp(double %x)
  store double %y, ptr %q
  ret void
}

; The program's own function of that name.
; CHECK-LABEL: define void @compute_otherwise(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call double @exp(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @compute_otherwise(ptr %p, ptr %q) sanitize_thread {
  %x = load double, ptr %p
  %y = call double @exp(double %x) nobuiltin
  store double %y, ptr %q
  ret void
}

; In a loop.
; CHECK-LABEL: define void @each(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @each(ptr %p, ptr %q) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = call i64 @glance(ptr %q)
  store i64 %v, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %loop, label %done
done:
  ret void
}

declare double @exp(double)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; CHECK-LABEL: define i64 @before_for_ever(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @for_ever(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_for_ever(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @for_ever(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_copies(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @copies(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_copies(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @copies(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_looks(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @looks(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_looks(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @looks(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}

; CHECK-LABEL: define i64 @before_not_instrumented(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @not_instrumented(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret i64
define i64 @before_not_instrumented(ptr %p, ptr %q) sanitize_thread {
  store i64 1, ptr %q
  %v = call i64 @not_instrumented(ptr %p)
  store i64 2, ptr %q
  ret i64 %v
}
