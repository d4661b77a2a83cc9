; SPDX-License-Identifier: Apache-2.0
; Accesses through an argument are not recorded if each call of the function is known and passes what is private to the
; caller: a slot of its frame, memory of its own, or such an argument.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian,verify -gordian-arguments=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

@shared = global ptr null

; The place of a result, also of itself.
; CHECK-LABEL: define internal void @result(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define internal void @result(
; EACH: gordian_rt_access_slow
define internal void @result(ptr nocapture writeonly sret([3 x i64]) %r, i64 %n) noinline sanitize_thread {
  store i64 %n, ptr %r
  %more = icmp ugt i64 %n, 1
  br i1 %more, label %go, label %end
go:
  %mine = alloca [3 x i64]
  %less = sub i64 %n, 1
  call void @result(ptr %mine, i64 %less)
  call void @result(ptr %r, i64 %less)
  br label %end
end:
  ret void
}

define i64 @calls_result() sanitize_thread {
  %mine = alloca [3 x i64]
  call void @result(ptr %mine, i64 3)
  %v = load i64, ptr %mine
  ret i64 %v
}

; One caller of two passes what others know.
; CHECK-LABEL: define internal void @given_both(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @given_both(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define void @gives_both() sanitize_thread {
  %mine = alloca i32
  call void @given_both(ptr %mine)
  %other = load ptr, ptr @shared
  call void @given_both(ptr %other)
  ret void
}

; So does what hands it on.
; CHECK-LABEL: define internal void @inner(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @inner(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define internal void @outer(ptr nocapture %p) noinline sanitize_thread {
  call void @inner(ptr %p)
  ret void
}

define void @calls_outer(ptr %p) sanitize_thread {
  %mine = alloca i32
  call void @inner(ptr %mine)
  call void @outer(ptr %p)
  ret void
}

; The slot is handed to somebody else besides.
; CHECK-LABEL: define internal void @given_known(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @given_known(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define void @gives_known() sanitize_thread {
  %mine = alloca i32
  store ptr %mine, ptr @shared
  call void @given_known(ptr %mine)
  ret void
}

; The callee itself lets it go.
; CHECK-LABEL: define internal void @keeps(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @keeps(ptr %p) noinline sanitize_thread {
  store i32 1, ptr %p
  store ptr %p, ptr @shared
  ret void
}

define void @calls_keeps() sanitize_thread {
  %mine = alloca i32
  call void @keeps(ptr %mine)
  ret void
}

; Whoever has its address, or another module, may call it too.
; CHECK-LABEL: define internal void @taken(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @taken(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

; CHECK-LABEL: define linkonce_odr void @everybodys(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define linkonce_odr void @everybodys(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define void @calls_both() sanitize_thread {
  %mine = alloca i32
  store ptr @taken, ptr @shared
  call void @taken(ptr %mine)
  call void @everybodys(ptr %mine)
  ret void
}

; Uses of the function that are no calls of it: the address of a block, which lets nobody call it, and what LLVM may
; assume of it.
; CHECK-LABEL: define internal void @jumps(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define internal void @jumps(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  %to = load ptr, ptr @places
  indirectbr ptr %to, [label %end]
end:
  ret void
}

@places = internal constant [1 x ptr] [ptr blockaddress(@jumps, %end)]

; CHECK-LABEL: define internal void @assumed(
; CHECK: gordian_rt_access_slow
; CHECK: ret void
define internal void @assumed(i64 %n, ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define void @calls_jumps() sanitize_thread {
  %mine = alloca i32
  call void @jumps(ptr %mine)
  call void @llvm.assume(i1 true) ["nonnull"(ptr @assumed)]
  call void @assumed(i64 0, ptr %mine)
  ret void
}

declare void @llvm.assume(i1)

; Memory of one's own.
; CHECK-LABEL: define internal void @given_heap(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define internal void @given_heap(
; EACH: gordian_rt_access_slow
define internal void @given_heap(ptr nocapture %p) noinline sanitize_thread {
  store i32 1, ptr %p
  ret void
}

define void @gives_heap() sanitize_thread {
  %p = call noalias ptr @malloc(i64 400)
  call void @given_heap(ptr %p)
  call void @free(ptr %p)
  ret void
}

declare ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr nocapture) allockind("free") "alloc-family"="malloc"
