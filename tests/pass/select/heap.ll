; SPDX-License-Identifier: Apache-2.0
; Accesses to memory that the function has allocated and keeps for itself are not recorded; to what others may get to
; know they are, those before as well.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian,verify -gordian-heap=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

@shared = global ptr null

; CHECK-LABEL: define i32 @freed(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: call void @free(
; CHECK: ret i32
; EACH-LABEL: define i32 @freed(
; EACH: gordian_rt_access_slow(i64 2)
define i32 @freed(i64 %i) sanitize_thread {
  %p = call noalias ptr @malloc(i64 400)
  %at = getelementptr i32, ptr %p, i64 %i
  store i32 1, ptr %at
  %v = load i32, ptr %p
  call void @free(ptr %p)
  ret i32 %v
}

; LLVM does not say of operator delete that it keeps nothing. Also where the allocation may throw.
; CHECK-LABEL: define i32 @deleted(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: call void @_ZdlPvm(
; CHECK: ret i32
; EACH-LABEL: define i32 @deleted(
; EACH: gordian_rt_access_slow(i64 1)
define i32 @deleted(i64 %i) sanitize_thread personality ptr @__gxx_personality_v0 {
  %p = invoke noalias ptr @_Znwm(i64 400) builtin to label %on unwind label %out
on:
  %at = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %at
  call void @_ZdlPvm(ptr %p, i64 400) builtin
  ret i32 %v
out:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}

; Not known to anybody by what it is compared with, nor by what reads it: a function of the C library, or one that LLVM
; has looked into.
; CHECK-LABEL: define i64 @handed_on(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i64
; EACH-LABEL: define i64 @handed_on(
; EACH: gordian_rt_access_slow(i64 1)
define i64 @handed_on(ptr %q) sanitize_thread {
  %p = call noalias ptr @calloc(i64 1, i64 400)
  %is = icmp eq ptr %p, %q
  br i1 %is, label %none, label %some
some:
  store i8 1, ptr %p
  call void @looks(ptr nocapture %p)
  %n = call i64 @strlen(ptr nocapture %p)
  ret i64 %n
none:
  ret i64 0
}

; Each time round another one.
; CHECK-LABEL: define void @each_round(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @each_round(i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = call noalias ptr @malloc(i64 8)
  store i64 %i, ptr %p
  call void @free(ptr %p)
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

; One or the other of those, or nothing.
; CHECK-LABEL: define i32 @one_of_two(
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret i32
; EACH-LABEL: define i32 @one_of_two(
; EACH: gordian_rt_access_slow(i64 1)
define i32 @one_of_two(i64 %n, ptr %q) sanitize_thread {
entry:
  %p = call noalias ptr @malloc(i64 8)
  %slot = alloca i64
  switch i64 %n, label %done [
    i64 1, label %one
    i64 2, label %two
  ]
one:
  br label %done
two:
  br label %done
done:
  %object = phi ptr [ null, %entry ], [ %p, %one ], [ %slot, %two ]
  %at = getelementptr i8, ptr %object, i64 4
  %v = load i32, ptr %at
  ret i32 %v
}

; CHECK-LABEL: define i32 @one_is_anothers(
; CHECK: gordian_rt_access_slow(i64 1)
define i32 @one_is_anothers(i1 %which, ptr %q) sanitize_thread {
  %p = call noalias ptr @malloc(i64 8)
  %object = select i1 %which, ptr %p, ptr %q
  %v = load i32, ptr %object
  ret i32 %v
}

; CHECK-LABEL: define void @stored(
; CHECK: gordian_rt_access_slow(i64 2)
define void @stored() sanitize_thread {
  %p = call noalias ptr @malloc(i64 4)
  store i32 1, ptr %p
  store ptr %p, ptr @shared
  ret void
}

; CHECK-LABEL: define ptr @returned(
; CHECK: gordian_rt_access_slow(i64 1)
define ptr @returned() sanitize_thread {
  %p = call noalias ptr @malloc(i64 4)
  store i32 1, ptr %p
  ret ptr %p
}

; CHECK-LABEL: define void @passed(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call void @take(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @passed() sanitize_thread {
  %p = call noalias ptr @malloc(i64 4)
  store i32 1, ptr %p
  call void @take(ptr %p)
  store i32 2, ptr %p
  call void @free(ptr %p)
  ret void
}

; By way of other values: one part of it, one of two pointers, a number.
; CHECK-LABEL: define void @part_of_it(
; CHECK: gordian_rt_access_slow(i64 1)
define void @part_of_it() sanitize_thread {
  %p = call noalias ptr @malloc(i64 8)
  store i32 1, ptr %p
  %part = getelementptr i8, ptr %p, i64 4
  call void @take(ptr %part)
  ret void
}
; CHECK-LABEL: define void @chosen(
; CHECK: gordian_rt_access_slow(i64 1)
define void @chosen(i1 %which, ptr %q) sanitize_thread {
  %p = call noalias ptr @malloc(i64 8)
  store i32 1, ptr %p
  %one = select i1 %which, ptr %p, ptr %q
  call void @take(ptr %one)
  ret void
}
; CHECK-LABEL: define void @met(
; CHECK: gordian_rt_access_slow(i64 1)
define void @met(i1 %which, ptr %q) sanitize_thread {
entry:
  %p = call noalias ptr @malloc(i64 8)
  store i32 1, ptr %p
  br i1 %which, label %some, label %done
some:
  br label %done
done:
  %one = phi ptr [ %p, %entry ], [ %q, %some ]
  call void @take(ptr %one)
  ret void
}
; CHECK-LABEL: define i64 @counted(
; CHECK: gordian_rt_access_slow(i64 1)
define i64 @counted() sanitize_thread {
  %p = call noalias ptr @malloc(i64 8)
  store i32 1, ptr %p
  %number = ptrtoint ptr %p to i64
  ret i64 %number
}

; What it holds lives on in an object that may be anybody's; that one may be what others still know.
; CHECK-LABEL: define void @grown(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: call noalias ptr @realloc(
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @grown() sanitize_thread {
  %p = call noalias ptr @malloc(i64 8)
  store i32 1, ptr %p
  %q = call noalias ptr @realloc(ptr nocapture %p, i64 16)
  store i32 1, ptr %q
  call void @free(ptr %q)
  ret void
}

; Whatever else says that nothing else points to what it returns may keep a list of it; and a malloc that the program
; brings along is the program's own code.
; CHECK-LABEL: define void @from_pool(
; CHECK: gordian_rt_access_slow(i64 1)
define void @from_pool() sanitize_thread {
  %p = call noalias ptr @pool()
  store i32 1, ptr %p
  ret void
}
; CHECK-LABEL: define void @own_allocator(
; CHECK: gordian_rt_access_slow(i64 1)
define void @own_allocator() sanitize_thread {
  %p = call noalias ptr @_Znam(i64 8) builtin
  store i32 1, ptr %p
  ret void
}
define noalias ptr @_Znam(i64 %n) noinline {
  ret ptr @shared
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare noalias ptr @calloc(i64, i64) allockind("alloc,zeroed") allocsize(0,1) "alloc-family"="malloc"
declare noalias ptr @realloc(ptr allocptr nocapture, i64) allockind("realloc") allocsize(1) "alloc-family"="malloc"
declare void @free(ptr allocptr nocapture) allockind("free") "alloc-family"="malloc"
declare ptr @_Znwm(i64)
declare void @_ZdlPvm(ptr, i64)
declare i64 @strlen(ptr nocapture) nofree nounwind memory(argmem: read)
declare void @looks(ptr nocapture)
declare void @take(ptr)
declare noalias ptr @pool()
declare i32 @__gxx_personality_v0(...)
