; SPDX-License-Identifier: Apache-2.0
; The shadow stack: pushed at entry, popped at every way out, set back wherever control arrives from outside.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK-LABEL: define void @entry_and_exit(
; CHECK: %frame = load ptr, ptr addrspace(257) %gordian.frame_top, align 8
; CHECK-NEXT: [[RETURN:%.*]] = call ptr @llvm.addressofreturnaddress.p0()
; CHECK-NEXT: getelementptr i8, ptr %frame, i64 0
; CHECK-NEXT: store ptr @gordian.function_ids, ptr
; CHECK-NEXT: getelementptr i8, ptr %frame, i64 8
; CHECK-NEXT: store ptr [[RETURN]], ptr
; CHECK-NEXT: getelementptr i8, ptr %frame, i64 16
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: %next_frame = getelementptr i8, ptr %frame, i64 24
; CHECK-NEXT: store ptr %next_frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK: store i32 1, ptr
; CHECK: call void @first()
; CHECK: store i32 2, ptr
; CHECK: call void @second()
; CHECK: store ptr %frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK-NEXT: ret void
define void @entry_and_exit() sanitize_thread {
  call void @first()
  call void @second()
  ret void
}

; Each function has its own element of the id array.
; CHECK-LABEL: define void @landing_pad(
; CHECK: store ptr getelementptr inbounds (i32, ptr @gordian.function_ids, i64 1), ptr
; CHECK: store i32 1, ptr
; CHECK: invoke void @first()
; CHECK: landingpad
; CHECK-NEXT: cleanup
; CHECK-NEXT: store ptr %next_frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK: call void @second()
; CHECK: store ptr %frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK-NEXT: resume
define void @landing_pad() sanitize_thread personality ptr @__gxx_personality_v0 {
  invoke void @first() to label %done unwind label %pad
done:
  ret void
pad:
  %exception = landingpad { ptr, i32 } cleanup
  call void @second()
  resume { ptr, i32 } %exception
}

; A must-tail call takes over the machine frame, so the shadow frame is gone before it.
; CHECK-LABEL: define i32 @tail(
; CHECK: store ptr %frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK-NEXT: [[R:%.*]] = musttail call i32 @other(i32 %x)
; CHECK-NEXT: ret i32 [[R]]
define i32 @tail(i32 %x) sanitize_thread {
  %r = musttail call i32 @other(i32 %x)
  ret i32 %r
}

; setjmp may return with the frames of the functions that were jumped out of.
; CHECK-LABEL: define i32 @jumps(
; CHECK: call i32 @_setjmp(ptr %buffer)
; CHECK-NEXT: store ptr %next_frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
define i32 @jumps(ptr %buffer) sanitize_thread {
  %r = call i32 @_setjmp(ptr %buffer) returns_twice
  ret i32 %r
}

; Never comes back: nothing to pop.
; CHECK-LABEL: define void @stops(
; CHECK: call void @stop()
; CHECK: unreachable
define void @stops() sanitize_thread {
  call void @stop()
  unreachable
}

; Neither sites nor calls that matter: no frame.
; CHECK-LABEL: define double @leaf(
; CHECK-NOT: gordian
; CHECK: ret double
define double @leaf(double %x) sanitize_thread {
  %r = call double @llvm.sqrt.f64(double %x)
  ret double %r
}

declare void @first()
declare void @second()
declare i32 @other(i32)
declare i32 @_setjmp(ptr) returns_twice
declare void @stop() noreturn
declare double @llvm.sqrt.f64(double)
declare i32 @__gxx_personality_v0(...)
