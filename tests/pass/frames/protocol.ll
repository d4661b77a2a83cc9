; SPDX-License-Identifier: Apache-2.0
; The shadow stack: pushed at entry, popped at every way out, set back wherever control arrives from outside. Nothing
; stands between but the questions whether caller and callee are foreign.
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
; CHECK-NEXT: [[SITE:%.*]] = getelementptr i8, ptr %frame, i64 16
; CHECK-NEXT: store i32 1, ptr [[SITE]]
; CHECK-NEXT: [[OUTER:%.*]] = load ptr, ptr addrspace(257) %gordian.foreign, align 8
; CHECK-NEXT: [[FROM_FOREIGN:%.*]] = icmp ne ptr [[OUTER]], null
; CHECK-NEXT: br i1 [[FROM_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_enter(ptr [[OUTER]], ptr %gordian.foreign1)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.first monotonic, align 1
; CHECK-NEXT: [[ASK:%.*]] = icmp ne i8 [[KIND]], 1
; CHECK-NEXT: br i1 [[ASK]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_call(ptr @gordian.kind.first, ptr @first, ptr %gordian.foreign2)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @first()
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.first monotonic, align 1
; CHECK-NEXT: [[IS_FOREIGN:%.*]] = icmp eq i8 [[KIND]], 2
; CHECK-NEXT: br i1 [[IS_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_return(ptr %gordian.foreign2, ptr null)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: [[SITE:%.*]] = getelementptr i8, ptr %frame, i64 16
; CHECK-NEXT: store i32 2, ptr [[SITE]]
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.second monotonic, align 1
; CHECK-NEXT: [[ASK:%.*]] = icmp ne i8 [[KIND]], 1
; CHECK-NEXT: br i1 [[ASK]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_call(ptr @gordian.kind.second, ptr @second, ptr %gordian.foreign2)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @second()
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.second monotonic, align 1
; CHECK-NEXT: [[IS_FOREIGN:%.*]] = icmp eq i8 [[KIND]], 2
; CHECK-NEXT: br i1 [[IS_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_return(ptr %gordian.foreign2, ptr null)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: br i1 [[FROM_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_leave(ptr [[OUTER]], ptr %gordian.foreign1)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: store ptr %frame, ptr addrspace(257) %gordian.frame_top
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
; CHECK-NEXT: [[OUTER:%.*]] = load ptr, ptr addrspace(257) %gordian.foreign, align 8
; CHECK-NEXT: [[FROM_FOREIGN:%.*]] = icmp ne ptr [[OUTER]], null
; CHECK-NEXT: br i1 [[FROM_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign1, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_enter(ptr [[OUTER]], ptr %gordian.foreign1)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.first monotonic, align 1
; CHECK-NEXT: [[ASK:%.*]] = icmp ne i8 [[KIND]], 1
; CHECK-NEXT: br i1 [[ASK]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_call(ptr @gordian.kind.first, ptr @first, ptr %gordian.foreign2)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: invoke void @first()
; CHECK: landingpad
; CHECK-NEXT: cleanup
; CHECK-NEXT: store ptr %next_frame, ptr addrspace(257) %gordian.frame_top
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.limit
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.foreign
; CHECK-NEXT: [[SITE:%.*]] = getelementptr i8, ptr %frame, i64 16
; CHECK-NEXT: store i32 2, ptr [[SITE]]
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.second monotonic, align 1
; CHECK-NEXT: [[ASK:%.*]] = icmp ne i8 [[KIND]], 1
; CHECK-NEXT: br i1 [[ASK]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 0
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 1
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 2
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: getelementptr i64, ptr %gordian.foreign2, i64 3
; CHECK-NEXT: store i64 0, ptr
; CHECK-NEXT: call void @gordian_rt_foreign_call(ptr @gordian.kind.second, ptr @second, ptr %gordian.foreign2)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @second()
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.second monotonic, align 1
; CHECK-NEXT: [[IS_FOREIGN:%.*]] = icmp eq i8 [[KIND]], 2
; CHECK-NEXT: br i1 [[IS_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_return(ptr %gordian.foreign2, ptr null)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: br i1 [[FROM_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_leave(ptr [[OUTER]], ptr %gordian.foreign1)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: store ptr %frame, ptr addrspace(257) %gordian.frame_top
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
; CHECK: call void @gordian_rt_foreign_leave(
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: store ptr %frame, ptr addrspace(257) %gordian.frame_top
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
; CHECK-NEXT: store ptr null, ptr addrspace(257) %gordian.foreign
define i32 @jumps(ptr %buffer) sanitize_thread {
  %r = call i32 @_setjmp(ptr %buffer) returns_twice
  ret i32 %r
}

; Never comes back: nothing to pop.
; CHECK-LABEL: define void @stops(
; CHECK: call void @stop()
; CHECK-NEXT: [[KIND:%.*]] = load atomic i8, ptr @gordian.kind.stop monotonic, align 1
; CHECK-NEXT: [[IS_FOREIGN:%.*]] = icmp eq i8 [[KIND]], 2
; CHECK-NEXT: br i1 [[IS_FOREIGN]],
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: call void @gordian_rt_foreign_return(ptr %gordian.foreign2, ptr null)
; CHECK-NEXT: br label
; CHECK-EMPTY:
; CHECK-NEXT: {{^[0-9]+}}:
; CHECK-NEXT: unreachable
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

; Position-independent, as clang's programs are unless they are told otherwise.
!llvm.module.flags = !{!0}
!0 = !{i32 8, !"PIC Level", i32 2}
