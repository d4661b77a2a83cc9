; SPDX-License-Identifier: Apache-2.0
; Accesses of later blocks that are told with those of an earlier one.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-raise=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

; Both ways lead to the last block, whose address is computed again: one base, one word.
; CHECK-LABEL: define void @diamond(
; CHECK: entry:
; CHECK: getelementptr i64, ptr %p, i64 1
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define void @diamond(
; EACH: gordian_rt_access_slow(i64 1)
; EACH: done:
; EACH: gordian_rt_access_slow(i64 1)
define void @diamond(ptr %p, i1 %which) sanitize_thread {
entry:
  store i64 0, ptr %p
  br i1 %which, label %left, label %right
left:
  br label %done
right:
  br label %done
done:
  %at = getelementptr i64, ptr %p, i64 1
  store i64 0, ptr %at
  ret void
}

; Over a quiet call, not over another one.
; CHECK-LABEL: define void @calls(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK-NOT: gordian_rt_access_slow
; CHECK: call void @quiet(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: call void @loud(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @calls(ptr %p, i1 %which) sanitize_thread {
entry:
  store i64 0, ptr %p
  br i1 %which, label %call, label %on
call:
  call void @quiet(ptr %p)
  br label %on
on:
  %at = getelementptr i64, ptr %p, i64 1
  store i64 0, ptr %at
  br i1 %which, label %other, label %done
other:
  call void @loud()
  br label %done
done:
  %last = getelementptr i64, ptr %p, i64 2
  store i64 0, ptr %last
  ret void
}

; What one way does not come to, and what is behind a loop that may have no end.
; CHECK-LABEL: define void @sometimes(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: some:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @sometimes(ptr %p, i1 %which) sanitize_thread {
entry:
  store i64 0, ptr %p
  br i1 %which, label %some, label %done
some:
  %at = getelementptr i64, ptr %p, i64 1
  store i64 0, ptr %at
  br label %done
done:
  ret void
}

; CHECK-LABEL: define void @behind_a_loop(
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @behind_a_loop(ptr %p, ptr %flag) sanitize_thread {
entry:
  store i64 0, ptr %p
  br label %loop
loop:
  %v = load volatile i64, ptr %flag
  %set = icmp ne i64 %v, 0
  br i1 %set, label %done, label %loop
done:
  %at = getelementptr i64, ptr %p, i64 1
  store i64 0, ptr %at
  ret void
}

; The same of a loop that has two ways in.
; CHECK-LABEL: define void @behind_a_tangle(
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @behind_a_tangle(ptr %p, i1 %which, ptr %flag) sanitize_thread {
entry:
  store i64 0, ptr %p
  br i1 %which, label %one, label %two
one:
  %v = load i64, ptr %flag
  %set = icmp ne i64 %v, 0
  br i1 %set, label %done, label %two
two:
  %w = load i64, ptr %flag
  %is = icmp ne i64 %w, 5
  br i1 %is, label %done, label %one
done:
  %at = getelementptr i64, ptr %p, i64 1
  store i64 0, ptr %at
  ret void
}

; An address that is read in between is not known above.
; CHECK-LABEL: define void @followed(
; CHECK: done:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @followed(ptr %p, i1 %which) sanitize_thread {
entry:
  store i64 0, ptr %p
  br i1 %which, label %left, label %done
left:
  br label %done
done:
  %node = load ptr, ptr %p
  store i64 0, ptr %node
  ret void
}

define internal void @quiet(ptr %p) nounwind sanitize_thread noinline {
  store i64 1, ptr %p
  ret void
}
declare void @loud()
