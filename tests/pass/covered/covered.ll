; SPDX-License-Identifier: Apache-2.0
; Accesses that another one stands for are not recorded: the slow path asks for as many words as are.
; RUN: %opt -passes=gordian -gordian-groups=false -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-covered=false -gordian-groups=false -S %s | FileCheck %s --check-prefix=ALL
target triple = "x86_64-pc-linux-gnu"

; The later read of the same place.
; CHECK-LABEL: define i32 @again(
; CHECK: gordian_rt_access_slow(i64 1)
; ALL-LABEL: define i32 @again(
; ALL: gordian_rt_access_slow(i64 2)
define i32 @again(ptr %p) sanitize_thread {
  %a = load i32, ptr %p
  %b = load i32, ptr %p
  %sum = add i32 %a, %b
  ret i32 %sum
}

; Of a read and the write after it the write stays: site 1.
; CHECK-LABEL: define void @update(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: add i64 {{.*}}, 140737488355328
; ALL-LABEL: define void @update(
; ALL: gordian_rt_access_slow(i64 2)
define void @update(ptr %p) sanitize_thread {
  %a = load i32, ptr %p
  %b = add i32 %a, 1
  store i32 %b, ptr %p
  ret void
}

; Not one object for another, not one part for another, not a wider one for what reaches beyond it.
; CHECK-LABEL: define void @not_covered(
; CHECK: gordian_rt_access_slow(i64 5)
define void @not_covered(ptr %p, ptr %q, ptr %r) sanitize_thread {
  %a = load i32, ptr %p
  %second = getelementptr i8, ptr %p, i64 4
  %b = load i32, ptr %second
  store i32 0, ptr %q
  store i32 0, ptr %r
  %beyond = getelementptr i8, ptr %r, i64 2
  %c = load i32, ptr %beyond
  ret void
}

; The wider one stands for its parts, whichever comes first.
; CHECK-LABEL: define void @parts(
; CHECK: gordian_rt_access_slow(i64 1)
define void @parts(ptr %p) sanitize_thread {
  %field = getelementptr i8, ptr %p, i64 4
  store i32 0, ptr %field
  store i64 0, ptr %p
  %c = load i32, ptr %field
  ret void
}

; A call that may synchronise ends what is known, one that cannot does not.
; CHECK-LABEL: define void @calls(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call i64 @strlen
; CHECK-NOT: gordian_rt_access_slow
; CHECK: call void @anything
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @calls(ptr %p, ptr %q) sanitize_thread {
  %a = load i32, ptr %p
  %n = call i64 @strlen(ptr %q)
  %b = load i32, ptr %p
  call void @anything()
  %c = load i32, ptr %p
  ret void
}

; So do atomics and fences.
; CHECK-LABEL: define void @orders(
; CHECK-COUNT-3: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @orders(ptr %p, ptr %flag) sanitize_thread {
  %a = load i32, ptr %p
  %f = load atomic i32, ptr %flag acquire, align 4
  %b = load i32, ptr %p
  fence seq_cst
  %c = load i32, ptr %p
  ret void
}

; On every way to it: both arms read, the join does not record.
; CHECK-LABEL: define void @both_arms(
; CHECK-COUNT-2: gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @both_arms(ptr %p, i1 %which) sanitize_thread {
  br i1 %which, label %one, label %other
one:
  %a = load i32, ptr %p
  br label %join
other:
  store i32 1, ptr %p
  br label %join
join:
  %c = load i32, ptr %p
  ret void
}

; On one way only: it records.
; CHECK-LABEL: define void @one_arm(
; CHECK-COUNT-2: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @one_arm(ptr %p, i1 %which) sanitize_thread {
  br i1 %which, label %one, label %join
one:
  %a = load i32, ptr %p
  br label %join
join:
  %c = load i32, ptr %p
  ret void
}

; A call on one way.
; CHECK-LABEL: define void @call_on_one_way(
; CHECK-COUNT-2: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @call_on_one_way(ptr %p, i1 %which) sanitize_thread {
  %a = load i32, ptr %p
  br i1 %which, label %one, label %join
one:
  call void @anything()
  br label %join
join:
  %c = load i32, ptr %p
  ret void
}

; What was read before the loop is known in it; a pointer of the loop is another one each time round.
; CHECK-LABEL: define void @list(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @list(ptr %limit, ptr %head) sanitize_thread {
entry:
  %a = load i64, ptr %limit
  br label %loop
loop:
  %node = phi ptr [ %head, %entry ], [ %next, %loop ]
  %b = load i64, ptr %limit
  %next = load ptr, ptr %node
  %end = icmp eq ptr %next, null
  br i1 %end, label %done, label %loop
done:
  ret void
}

; A racy spin must be seen: nothing behind the loop stands for what is in it.
; CHECK-LABEL: define void @spin(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 1)
define void @spin(ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %a = load i32, ptr %flag
  %set = icmp ne i32 %a, 0
  br i1 %set, label %done, label %loop
done:
  store i32 0, ptr %flag
  ret void
}

declare i64 @strlen(ptr) nofree nounwind memory(argmem: read)
declare void @anything()
