; SPDX-License-Identifier: Apache-2.0
; A call through a pointer: a function of this module that carries the pass's mark is ours; of any other the runtime is
; asked, and what it says is remembered until the call has returned.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-DAG: @__ehdr_start = external hidden global i8
; CHECK-DAG: @_end = external hidden global i8

; CHECK-LABEL: define ptr @caller(
; CHECK-SAME: prefix [2 x i64] [i64 [[MARK:[0-9]+]], i64 [[MARK]]]
; CHECK: [[ADDRESS:%.*]] = ptrtoint ptr %f to i64
; CHECK: [[IS_NEAR:%.*]] = icmp ult i64
; CHECK-NEXT: br i1 [[IS_NEAR]], label %[[NEAR:.*]], label %[[ASK:.*]], !prof
; CHECK: [[NEAR]]:
; CHECK-NEXT: [[IN_FRONT:%.*]] = getelementptr i64, ptr %f, i64 -1
; CHECK-NEXT: [[WORD:%.*]] = load i64, ptr [[IN_FRONT]], align 1
; CHECK-NEXT: [[IS_OURS:%.*]] = icmp eq i64 [[WORD]], [[MARK]]
; CHECK-NEXT: br i1 [[IS_OURS]], label %[[CALL:.*]], label %[[ASK]], !prof
; CHECK: [[ASK]]:
; CHECK: [[ANSWER:%.*]] = call i32 @gordian_rt_foreign_pointer_call(ptr %f, ptr %gordian.foreign
; CHECK-NEXT: br label %[[CALL]]
; CHECK: [[CALL]]:
; CHECK-NEXT: [[KIND:%.*]] = phi i32 [ 1, %[[NEAR]] ], [ [[ANSWER]], %[[ASK]] ]
; CHECK-NEXT: [[RESULT:%.*]] = call ptr %f(ptr %x)
; CHECK-NEXT: [[IS_FOREIGN:%.*]] = icmp eq i32 [[KIND]], 2
; CHECK-NEXT: br i1 [[IS_FOREIGN]], label %[[BACK:.*]], label %{{.*}}, !prof
; CHECK: [[BACK]]:
; CHECK-NEXT: call void @gordian_rt_foreign_return(ptr %gordian.foreign{{.*}}, ptr [[RESULT]])
define ptr @caller(ptr %f, ptr %x) sanitize_thread {
  %result = call ptr %f(ptr %x)
  ret ptr %result
}

; Functions that nobody outside can name or point at have no mark; neither has a declaration.
; CHECK-LABEL: define internal void @hidden(
; CHECK-NOT: prefix
; CHECK-SAME: {
define internal void @hidden() sanitize_thread {
  ret void
}
; CHECK-LABEL: define internal void @pointed_at(
; CHECK-SAME: prefix
define internal void @pointed_at() {
  ret void
}

; A constant that is no function of its own leads to one of this module.
; CHECK-LABEL: define void @by_another_name(
; CHECK-NOT: gordian_rt_foreign_pointer_call
; CHECK-LABEL: define ptr @point(
@alias = alias void (), ptr @pointed_at
define void @by_another_name() sanitize_thread {
  call void @hidden()
  call void @alias()
  ret void
}
define ptr @point() {
  ret ptr @pointed_at
}
