; SPDX-License-Identifier: Apache-2.0
; Calls of C library functions are followed by what they have accessed, with the result where the extent depends on it;
; what is handed on to another thread is recorded before. The rules are numbered as in runtime/abi/extents.def.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

@constant = private constant [3 x i8] c"ab\00"
@text = global [8 x i8] zeroinitializer

; CHECK-LABEL: define i64 @length(
; CHECK: [[N:%.*]] = call i64 @strlen(ptr %s)
; CHECK-NEXT: call void @gordian_rt_extent(ptr %s, i32 3, i64 [[N]], i64 -1, i32 0)
define i64 @length(ptr %s) sanitize_thread {
  %n = call i64 @strlen(ptr %s)
  ret i64 %n
}

; Both sides of a comparison; the constant one cannot race.
; CHECK-LABEL: define i32 @compare(
; CHECK: call i32 @strcmp
; CHECK-NEXT: call void @gordian_rt_extent(ptr @text, i32 8, i64 ptrtoint (ptr @constant to i64), i64 -1, i32 0)
; CHECK-NOT: gordian_rt_extent
define i32 @compare() sanitize_thread {
  %r = call i32 @strcmp(ptr @text, ptr @constant)
  ret i32 %r
}

; CHECK-LABEL: define i64 @hand_on(
; CHECK: call void @gordian_rt_extent(ptr %from, i32 0, i64 %n, i64 0, i32 0)
; CHECK: call i64 @write(i32 1, ptr %from, i64 %n)
; CHECK-NOT: gordian_rt_extent
define i64 @hand_on(ptr %from, i64 %n) sanitize_thread {
  %r = call i64 @write(i32 1, ptr %from, i64 %n)
  ret i64 %r
}

; A call that may throw: on the way where it did not.
; CHECK-LABEL: define i64 @receive(
; CHECK: [[N:%.*]] = invoke i64 @read(i32 0, ptr %to, i64 16)
; CHECK-NEXT: to label %[[BEHIND:.*]] unwind label %failed
; CHECK: [[BEHIND]]:
; CHECK-NEXT: call void @gordian_rt_extent(ptr %to, i32 2, i64 [[N]], i64 0, i32 0)
define i64 @receive(ptr %to) sanitize_thread personality ptr @personality {
entry:
  %n = invoke i64 @read(i32 0, ptr %to, i64 16) to label %done unwind label %failed
done:
  ret i64 %n
failed:
  %x = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %x
}

; A number that is returned as an int keeps its sign.
; CHECK-LABEL: define i32 @print(
; CHECK: [[N:%.*]] = call i32 (ptr, i64, ptr, ...) @snprintf
; CHECK-NEXT: [[WIDE:%.*]] = sext i32 [[N]] to i64
; CHECK-NEXT: call void @gordian_rt_extent(ptr %to, i32 3, i64 [[WIDE]], i64 %n, i32 0)
define i32 @print(ptr %to, i64 %n) sanitize_thread {
  %r = call i32 (ptr, i64, ptr, ...) @snprintf(ptr %to, i64 %n, ptr @constant)
  ret i32 %r
}

; Memory that nobody else can name.
; CHECK-LABEL: define i64 @private(
; CHECK-NOT: gordian_rt_extent
define i64 @private() sanitize_thread {
  %buffer = alloca [8 x i8]
  %n = call i64 @strlen(ptr nocapture %buffer)
  ret i64 %n
}

; The program's own function of that name, and one with other parameters.
; CHECK-LABEL: define void @others(
; CHECK-NOT: gordian_rt_extent
; CHECK-LABEL: define i64 @strnlen(
define void @others(ptr %p) sanitize_thread {
  call i64 @strnlen(ptr %p, i64 4)
  call void @recv(i64 1, i64 2)
  ret void
}
define i64 @strnlen(ptr %p, i64 %n) {
  ret i64 0
}

declare i64 @strlen(ptr nocapture)
declare i32 @strcmp(ptr, ptr)
declare i64 @write(i32, ptr, i64)
declare i64 @read(i32, ptr, i64)
declare i32 @snprintf(ptr, i64, ptr, ...)
declare void @recv(i64, i64)
declare i32 @personality(...)

; A function of libstdc++.so that links nodes is announced, with a site to read and one to write.
; CHECK-LABEL: define void @unhook(
; CHECK: call void @gordian_rt_foreign_enter(
; CHECK: [[NODE:%.*]] = ptrtoint ptr %node to i64
; CHECK-NEXT: call void @gordian_rt_nodes(i32 7, i64 [[NODE]], i64 0, i64 0, i64 0, i32 0, i32 1)
; CHECK: call void @_ZNSt8__detail15_List_node_base9_M_unhookEv(ptr %node)
define void @unhook(ptr %node) sanitize_thread {
  call void @_ZNSt8__detail15_List_node_base9_M_unhookEv(ptr %node)
  ret void
}
declare void @_ZNSt8__detail15_List_node_base9_M_unhookEv(ptr)

; What a format that is not constant speaks of, and what comes in a list, is found at run time, before the call.
; CHECK-LABEL: define void @formats(
; CHECK: call void (i32, ptr, ...) @gordian_rt_format(i32 {{[0-9]+}}, ptr %format, i32 1, ptr %text)
; CHECK-NEXT: call i32 (ptr, i64, ptr, ...) @snprintf
; CHECK: call void @gordian_rt_format_list(i32 {{[0-9]+}}, ptr %format, ptr %list)
; CHECK-NEXT: call i32 @vsnprintf(
; CHECK-NOT: gordian_rt_format
; CHECK: call i32 (ptr, i64, ptr, ...) @snprintf
define void @formats(ptr %to, ptr %format, ptr %text, ptr %list) sanitize_thread {
  call i32 (ptr, i64, ptr, ...) @snprintf(ptr %to, i64 8, ptr %format, i32 1, ptr %text)
  call i32 @vsnprintf(ptr %to, i64 8, ptr %format, ptr %list)
  call i32 (ptr, i64, ptr, ...) @snprintf(ptr %to, i64 8, ptr %format)
  ret void
}
declare i32 @vsnprintf(ptr, i64, ptr, ptr)

; A manipulator that is handed over does what it would do if it were called.
; CHECK-LABEL: define void @manipulators(
; CHECK: call void @gordian_rt_extent(ptr %out, i32 [[LOOKS:[0-9]+]],
; CHECK: call void @gordian_rt_extent(ptr %out, i32 [[FLUSHES:[0-9]+]],
; CHECK: call ptr @_ZSt5flushIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_(ptr %out)
; CHECK: call void @gordian_rt_extent(ptr %out, i32 [[LOOKS]],
; CHECK: call void @gordian_rt_extent(ptr %out, i32 [[FLUSHES]],
; CHECK: call ptr @_ZNSolsEPFRSoS_E(
; CHECK-NOT: gordian_rt_extent
; CHECK: call ptr @_ZNSolsEPFRSoS_E(ptr %out, ptr @own)
define void @manipulators(ptr %out) sanitize_thread {
  call ptr @_ZSt5flushIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_(ptr %out)
  call ptr @_ZNSolsEPFRSoS_E(ptr %out, ptr @_ZSt5flushIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_)
  call ptr @_ZNSolsEPFRSoS_E(ptr %out, ptr @own)
  ret void
}
declare ptr @_ZSt5flushIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_(ptr)
declare ptr @_ZNSolsEPFRSoS_E(ptr, ptr)
declare ptr @own(ptr)
