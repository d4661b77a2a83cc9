; SPDX-License-Identifier: Apache-2.0
; Loops whose rounds nobody can count in advance: what moves is told where they are left, with a count of the rounds that
; were begun; what stays is told in front of them.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-loops=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

; Left early, or at the end: one strided record for both, before the frame is given back.
; CHECK-LABEL: define i64 @search(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: loop:
; CHECK: [[ROUND:%.*]] = phi i64 [ 0, {{.*}} ], [ [[ROUNDS:%.*]], %on ]
; CHECK: [[ROUNDS]] = add nuw i64 [[ROUND]], 1
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK-NEXT: %cursor
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[ROUNDS]], 4
; CHECK: store ptr %frame
; CHECK: ret i64
; EACH-LABEL: define i64 @search(
; EACH: loop:
; EACH: gordian_rt_access_slow(i64 1)
define i64 @search(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %at
  %found = icmp eq i32 %v, 0
  br i1 %found, label %done, label %on
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret i64 %i
}


; Two ways out to two places, each tells it.
; CHECK-LABEL: define i64 @two_exits(
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: found:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: missing:
; CHECK: gordian_rt_access_slow(i64 4)
define i64 @two_exits(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %at
  %is = icmp eq i32 %v, 0
  br i1 %is, label %found, label %on
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %missing
found:
  ret i64 %i
missing:
  ret i64 -1
}

; Nobody knows that it ends: its first access is told before it begins, so that a loop for ever is seen.
; CHECK-LABEL: define i64 @length(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 4)
define i64 @length(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %at
  %next = add i64 %i, 1
  %is = icmp eq i8 %v, 0
  br i1 %is, label %done, label %loop
done:
  ret i64 %i
}

; The same with a round that is left before its access: the first one may not make it either.
; CHECK-LABEL: define void @left_first(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: on:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @left_first(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %enough = icmp eq i64 %i, %n
  br i1 %enough, label %done, label %on
on:
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  %next = add i64 %i, 2
  br label %loop
done:
  ret void
}

; An address that stays, of a loop of unknown length.
; CHECK-LABEL: define void @spin(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @spin(ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %v = load i32, ptr %flag
  %set = icmp ne i32 %v, 0
  br i1 %set, label %done, label %loop
done:
  ret void
}

; The same where a loop inside may keep it from being reached.
; CHECK-LABEL: define void @behind_a_spin(
; CHECK: end:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @behind_a_spin(ptr %p, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  br label %spin
spin:
  %v = load i32, ptr %flag
  %set = icmp ne i32 %v, 0
  br i1 %set, label %end, label %spin
end:
  %w = load i32, ptr %p
  %more = icmp ne i32 %w, 0
  br i1 %more, label %loop, label %done
done:
  ret void
}

; The same where what is inside is no loop that can be told from the rest.
; CHECK-LABEL: define void @behind_a_tangle(
; CHECK: end:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @behind_a_tangle(ptr %p, i1 %which, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  br i1 %which, label %one, label %two
one:
  %v = load i64, ptr %flag
  %set = icmp ne i64 %v, 0
  br i1 %set, label %end, label %two
two:
  %w = load i64, ptr %flag
  %is = icmp ne i64 %w, 5
  br i1 %is, label %end, label %one
end:
  %x = load i32, ptr %p
  %more = icmp ne i32 %x, 0
  br i1 %more, label %loop, label %done
done:
  ret void
}

; In front of a loop inside that may never end: told in each round, or the one that hangs would not be seen.
; CHECK-LABEL: define void @before_a_spin(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @before_a_spin(ptr %p, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %end ]
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  br label %spin
spin:
  %v = load i32, ptr %flag
  %set = icmp ne i32 %v, 0
  br i1 %set, label %end, label %spin
end:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}


; Waiting for one after the other: the one that is waited for is told before.
; CHECK-LABEL: define void @spins(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: spin:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @spins(ptr %ready) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %end ]
  %at = getelementptr i32, ptr %ready, i64 %i
  br label %spin
spin:
  %v = load i32, ptr %at
  %set = icmp ne i32 %v, 0
  br i1 %set, label %end, label %spin
end:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

; Rounds that may take long: the program may end meanwhile.
; CHECK-LABEL: define i64 @waits(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 2)
; CHECK: ret i64
define i64 @waits(ptr %p, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  %flag.at = getelementptr i32, ptr %flag, i64 %i
  %v = load volatile i32, ptr %flag.at
  %set = icmp ne i32 %v, 0
  br i1 %set, label %done, label %on
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret i64 %i
}

; The start comes from a division, which is not done again: the first round's address is computed from what is there.
; CHECK-LABEL: define void @divided(
; CHECK: entry:
; CHECK: udiv i64 %a, %b
; CHECK-NOT: udiv
; CHECK: getelementptr i32, ptr %p, i64 %first
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: ret void
define void @divided(ptr %p, i64 %a, i64 %b, i64 %n) sanitize_thread {
entry:
  %first = udiv i64 %a, %b
  br label %loop
loop:
  %i = phi i64 [ %first, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  %next = add i64 %i, 2
  %more = icmp ule i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}
