; SPDX-License-Identifier: Apache-2.0
; A run: one cursor load, one check, stores at fixed offsets, one cursor store. Word = site << 47 | address.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-LABEL: define void @three(
; CHECK: %gordian.distance = call i64 asm "movq gordian_rt_thread@gottpoff(%rip), $0", "=r"()
; CHECK: [[CURSOR:%.*]] = load ptr, ptr addrspace(257) %gordian.cursor, align 8
; CHECK-NEXT: [[END:%.*]] = getelementptr i64, ptr [[CURSOR]], i64 3
; CHECK-NEXT: [[LIMIT:%.*]] = load ptr, ptr addrspace(257) %gordian.limit, align 8
; CHECK-NEXT: [[FULL:%.*]] = icmp ugt ptr [[END]], [[LIMIT]]
; CHECK-NEXT: br i1 [[FULL]], label %[[SLOW:.*]], label %[[GO:.*]], !prof
; CHECK: [[SLOW]]:
; CHECK-NEXT: [[ROOM:%.*]] = call preserve_mostcc ptr @gordian_rt_access_slow(i64 3)
; CHECK: [[GO]]:
; CHECK-NEXT: [[AT:%.*]] = phi ptr [ [[CURSOR]], {{.*}} ], [ [[ROOM]], %[[SLOW]] ]
; The first address is masked: a wild pointer must not look like a control word.
; CHECK: and i64 {{.*}}, 140737488355327
; CHECK: [[FIRST:%.*]] = getelementptr i64, ptr [[AT]], i64 0
; CHECK-NEXT: store i64 {{.*}}, ptr [[FIRST]], align 8
; CHECK: [[SECOND:%.*]] = getelementptr i64, ptr [[AT]], i64 1
; CHECK-NEXT: store i64 {{.*}}, ptr [[SECOND]], align 8
; A global's address needs no mask; site 2.
; CHECK: getelementptr i64, ptr [[AT]], i64 2
; CHECK-NEXT: store i64 add (i64 ptrtoint (ptr @global to i64), i64 281474976710656)
; CHECK-NEXT: [[NEXT:%.*]] = getelementptr i64, ptr [[AT]], i64 3
; CHECK-NEXT: store ptr [[NEXT]], ptr addrspace(257) %gordian.cursor, align 8
; CHECK-NEXT: load i32, ptr %p
; CHECK-NOT: addrspace(257) %gordian.cursor
; CHECK: ret void
define void @three(ptr %p, ptr %q) sanitize_thread {
  %v = load i32, ptr %p
  store i32 %v, ptr %q
  store i32 %v, ptr @global
  ret void
}

; The append waits until the last address of the run is known.
; CHECK-LABEL: define i32 @chain(
; CHECK: %next = load ptr, ptr %node
; CHECK-NEXT: %field = getelementptr i32, ptr %next, i64 1
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 2)
; CHECK: load i32, ptr %field
define i32 @chain(ptr %node) sanitize_thread {
  %next = load ptr, ptr %node
  %field = getelementptr i32, ptr %next, i64 1
  %v = load i32, ptr %field
  ret i32 %v
}

; A call that may record ends a run, one that cannot does not.
; CHECK-LABEL: define void @split_by_call(
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 2)
; CHECK: call i64 @strlen
; CHECK: call void @anything
; CHECK: load ptr, ptr addrspace(257) %gordian.cursor
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
define void @split_by_call(ptr %p, ptr %q) sanitize_thread {
  store i32 1, ptr %p
  %n = call i64 @strlen(ptr %q)
  store i64 %n, ptr %q
  call void @anything()
  store i32 3, ptr %p
  ret void
}

; What is done conditionally is recorded conditionally.
; CHECK-LABEL: define void @conditional(
; CHECK: br i1 %c, label %yes, label %no
; CHECK: yes:
; CHECK: call preserve_mostcc ptr @gordian_rt_access_slow(i64 1)
; CHECK: no:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @conditional(ptr %p, i1 %c) sanitize_thread {
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p
  br label %no
no:
  ret void
}

@global = global i32 0
declare void @anything()
declare i64 @strlen(ptr) nounwind nofree memory(argmem: read)
