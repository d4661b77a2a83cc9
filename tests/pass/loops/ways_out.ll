; SPDX-License-Identifier: Apache-2.0
; Ways out of loops that are not one edge to one block.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian,verify -gordian-groups=false -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; Out of both loops at once, to where the outer one ends anyway: the inner loop tells its rounds on every way out, with
; its own count, and the outer one its address that stays. The outer one's way goes through neither.
; CHECK-LABEL: define i64 @out_of_both(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: columns:
; CHECK: [[ROUNDS:%.*]] = add nuw i64 %round, 1
; CHECK-NOT: gordian_rt_access_slow
; CHECK: end:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[ROUNDS]], 4
; CHECK: done.loopexit:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[ROUNDS]], 4
; CHECK: done.loopexit1:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
define i64 @out_of_both(ptr %p, ptr %count) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  store i64 %row, ptr %count
  %first = mul nuw i64 %row, 16
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %on ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  %v = load i64, ptr %at
  %found = icmp eq i64 %v, 0
  br i1 %found, label %done, label %on
on:
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret i64 %row
}

; One behind the other, and both lead to the same end: two counts.
; CHECK-LABEL: define void @siblings(
; CHECK: one:
; CHECK: [[ONE:%.*]] = add nuw i64 %round{{[0-9]*}}, 1
; CHECK: two:
; CHECK: [[TWO:%.*]] = add nuw i64 %round{{[0-9]*}}, 1
; CHECK: done.loopexit:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[TWO]], 4
; CHECK: done.loopexit1:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[ONE]], 4
; CHECK: ret void
define void @siblings(ptr %p, ptr %q) sanitize_thread {
entry:
  br label %one
one:
  %i = phi i64 [ 0, %entry ], [ %next, %one.on ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  %found = icmp eq i64 %v, 0
  br i1 %found, label %done, label %one.on
one.on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %one, label %two
two:
  %j = phi i64 [ 0, %one.on ], [ %next.j, %two.on ]
  %at.j = getelementptr i64, ptr %q, i64 %j
  %w = load i64, ptr %at.j
  %found.j = icmp eq i64 %w, 0
  br i1 %found.j, label %done, label %two.on
two.on:
  %next.j = add nuw i64 %j, 1
  %more.j = icmp ult i64 %next.j, 100
  br i1 %more.j, label %two, label %done
done:
  ret void
}

; Three edges from one switch to one block, and two back to the header.
; CHECK-LABEL: define i64 @switches(
; CHECK: loop:
; CHECK: [[ROUNDS:%.*]] = add nuw i64 %round, 1
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK-NEXT: [[RESULT:%.*]] = phi i64 [ %i, %loop ], [ %i, %loop ], [ %i, %loop ]
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: icmp ult i64 [[ROUNDS]], 4
; CHECK: ret i64 [[RESULT]]
define i64 @switches(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ], [ %next, %loop ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  %next = add nuw i64 %i, 1
  switch i64 %v, label %done [
    i64 0, label %done
    i64 1, label %loop
    i64 2, label %loop
    i64 3, label %done
  ]
done:
  %result = phi i64 [ %i, %loop ], [ %i, %loop ], [ %i, %loop ]
  ret i64 %result
}

; The end of the program, told before it comes.
; CHECK-LABEL: define void @to_the_end(
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: dead:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: unreachable
; CHECK: failed:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: call void @abort()
; CHECK: unreachable
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: ret void
define void @to_the_end(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  switch i64 %v, label %on [
    i64 1, label %dead
    i64 2, label %failed
  ]
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
dead:
  unreachable
failed:
  call void @abort()
  unreachable
done:
  ret void
}

; A call that must be the last thing: before it, and before the frame goes, which is also before it.
; CHECK-LABEL: define i64 @ends_with_a_call(
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: store ptr %frame
; CHECK: [[RESULT:%.*]] = musttail call i64 @next(
; CHECK-NEXT: ret i64 [[RESULT]]
define i64 @ends_with_a_call(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  %found = icmp eq i64 %v, 0
  br i1 %found, label %done, label %on
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  %result = musttail call i64 @next(ptr %p)
  ret i64 %result
}

; Each way out tells what the loop has done: four do, five are too much code.
; CHECK-LABEL: define i64 @four_ways(
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: out1:
; CHECK-COUNT-4: gordian_rt_access_slow(i64 4)
define i64 @four_ways(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  switch i64 %v, label %on [
    i64 1, label %out1
    i64 2, label %out2
    i64 3, label %out3
  ]
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
out1:
  ret i64 1
out2:
  ret i64 2
out3:
  ret i64 3
done:
  ret i64 0
}
; CHECK-LABEL: define i64 @five_ways(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: out1:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: declare
define i64 @five_ways(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %at
  switch i64 %v, label %on [
    i64 1, label %out1
    i64 2, label %out2
    i64 3, label %out3
    i64 4, label %out4
  ]
on:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
out1:
  ret i64 1
out2:
  ret i64 2
out3:
  ret i64 3
out4:
  ret i64 4
done:
  ret i64 0
}

declare i64 @next(ptr)
declare void @abort()
