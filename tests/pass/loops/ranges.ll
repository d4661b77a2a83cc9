; SPDX-License-Identifier: Apache-2.0
; Accesses of loops told in front of them: a strided record has four words, one of two dimensions six, an address that
; stays one.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-loops=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

; Control word: strided (4), site 0; the count is n, the stride 4. Up to three accesses are told one by one instead.
; CHECK-LABEL: define void @fill(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: [[SHORT:%.*]] = icmp ult i64 %n, 4
; CHECK: [[FIRST:%.*]] = select i1 [[SHORT]], i64 {{%.*}}, i64 -8070450532247928832
; CHECK: icmp ugt i64 %n, 1
; CHECK: icmp ugt i64 %n, 2
; CHECK: select i1 [[SHORT]], i64 {{%.*}}, i64 %n
; CHECK: [[LAST:%.*]] = select i1 [[SHORT]], i64 0, i64 4
; CHECK: store i64 [[FIRST]]
; CHECK: store i64 [[LAST]]
; CHECK: select i1 [[SHORT]], i64 %n, i64 4
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define void @fill(
; EACH: loop:
; EACH: gordian_rt_access_slow(i64 1)
define void @fill(ptr %p, i64 %n) sanitize_thread {
entry:
  %some = icmp ne i64 %n, 0
  call void @llvm.assume(i1 %some)
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

; An address that stays is told once.
; CHECK-LABEL: define i32 @sum(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 5)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i32
define i32 @sum(ptr %p, ptr %total) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %at
  %old = load i32, ptr %total
  %new = add i32 %old, %v
  store i32 %new, ptr %total
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret i32 0
}

; Row by row, each going on where the last one ended: one range in front of both loops.
; CHECK-LABEL: define void @matrix(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: store i64 800
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @matrix(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  %first = mul nuw i64 %row, 10
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Rows of a wider matrix: still one, of two dimensions (matrix.ll).
; CHECK-LABEL: define void @part(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @part(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  %first = mul nuw i64 %row, 16
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Left before the store: the last round begins and does not make it.
; CHECK-LABEL: define void @left_before(
; CHECK: on:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @left_before(ptr %p, i64 %last) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %on ]
  %at = getelementptr i32, ptr %p, i64 %i
  %enough = icmp eq i64 %i, 7
  br i1 %enough, label %done, label %on
on:
  store i32 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

; In some iterations only.
; CHECK-LABEL: define void @sometimes(
; CHECK: some:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @sometimes(ptr %p, i64 %mask) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %end ]
  %bit = and i64 %i, %mask
  %is = icmp ne i64 %bit, 0
  br i1 %is, label %some, label %end
some:
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  br label %end
end:
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

; A call may synchronise, throw, or never return.
; CHECK-LABEL: define void @calling(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @calling(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 0, ptr %at
  call void @anything()
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}

declare void @anything()
declare void @llvm.assume(i1)
