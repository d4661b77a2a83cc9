; SPDX-License-Identifier: Apache-2.0
; Atomics stand between two hooks. info = op | order << 8 | failure order << 16 | log2(size) << 24; ops: load 0, store 1,
; read-modify-write 2; orders: relaxed 0, acquire 2, release 3, acq_rel 4, seq_cst 5.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; 0x02000200
; CHECK-LABEL: define i32 @load_acquire(
; CHECK: call void @gordian_rt_atomic_begin(ptr %p)
; CHECK-NEXT: load atomic i32, ptr %p acquire
; CHECK-NEXT: call void @gordian_rt_atomic_end(ptr %p, i32 0, i32 33554944, i32 1)
define i32 @load_acquire(ptr %p) sanitize_thread {
  %v = load atomic i32, ptr %p acquire, align 4
  ret i32 %v
}

; 0x03000301
; CHECK-LABEL: define void @store_release(
; CHECK: call void @gordian_rt_atomic_begin(ptr %p)
; CHECK-NEXT: store atomic i64 1, ptr %p release
; CHECK-NEXT: call void @gordian_rt_atomic_end(ptr %p, i32 0, i32 50332417, i32 1)
define void @store_release(ptr %p) sanitize_thread {
  store atomic i64 1, ptr %p release, align 8
  ret void
}

; 0x00000502
; CHECK-LABEL: define i8 @add_sequential(
; CHECK: call void @gordian_rt_atomic_begin(ptr %p)
; CHECK-NEXT: atomicrmw add
; CHECK-NEXT: call void @gordian_rt_atomic_end(ptr %p, i32 0, i32 1282, i32 1)
define i8 @add_sequential(ptr %p) sanitize_thread {
  %v = atomicrmw add ptr %p, i8 1 seq_cst
  ret i8 %v
}

; Success is known only afterwards. 0x02020402
; CHECK-LABEL: define i1 @exchange(
; CHECK: call void @gordian_rt_atomic_begin(ptr %p)
; CHECK-NEXT: [[R:%.*]] = cmpxchg weak ptr %p, i32 0, i32 1 acq_rel acquire
; CHECK-NEXT: [[S:%.*]] = extractvalue { i32, i1 } [[R]], 1
; CHECK-NEXT: [[W:%.*]] = zext i1 [[S]] to i32
; CHECK-NEXT: call void @gordian_rt_atomic_end(ptr %p, i32 0, i32 33686530, i32 [[W]])
define i1 @exchange(ptr %p) sanitize_thread {
  %r = cmpxchg weak ptr %p, i32 0, i32 1 acq_rel acquire
  %s = extractvalue { i32, i1 } %r, 1
  ret i1 %s
}

; CHECK-LABEL: define void @fences(
; CHECK: call void @gordian_rt_fence(i32 3)
; CHECK-NEXT: fence release
; CHECK-NEXT: call void @gordian_rt_fence(i32 5)
; CHECK-NEXT: fence seq_cst
; A signal fence orders nothing between threads.
; CHECK-NEXT: fence syncscope("singlethread") seq_cst
define void @fences() sanitize_thread {
  fence release
  fence seq_cst
  fence syncscope("singlethread") seq_cst
  ret void
}

; Accesses are not carried across an atomic, in either direction.
; CHECK-LABEL: define void @ends_the_run(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
; CHECK: store i32 1, ptr %p
; CHECK: call void @gordian_rt_atomic_begin(ptr %flag)
; CHECK: call void @gordian_rt_atomic_end(ptr %flag
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
; CHECK: store i32 2, ptr %p
define void @ends_the_run(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p
  store atomic i32 1, ptr %flag release, align 4
  store i32 2, ptr %p
  ret void
}

; CHECK-LABEL: define i32 @private(
; CHECK-NOT: gordian
; CHECK: ret i32
define i32 @private() sanitize_thread {
  %slot = alloca i32
  store atomic i32 1, ptr %slot seq_cst, align 4
  %v = atomicrmw add ptr %slot, i32 1 seq_cst
  ret i32 %v
}
