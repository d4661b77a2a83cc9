; SPDX-License-Identifier: Apache-2.0
; Code that records has effects: what was inferred before no longer holds. Library functions keep what LLVM knows of them.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; CHECK: define i32 @getter(ptr %p) #[[GETTER:[0-9]+]]
define i32 @getter(ptr %p) #0 {
  %v = load i32, ptr %p
  ret i32 %v
}

; CHECK-LABEL: define i64 @caller(
; CHECK: call i32 @getter(ptr %p){{$}}
; CHECK: call i32 @elsewhere(i32 1){{$}}
; CHECK: call i64 @strlen(ptr %p) #[[PURE:[0-9]+]]
define i64 @caller(ptr %p) sanitize_thread {
  %a = call i32 @getter(ptr %p) memory(argmem: read)
  %b = call i32 @elsewhere(i32 1) memory(none)
  %c = call i64 @strlen(ptr %p) memory(argmem: read)
  ret i64 %c
}

declare i32 @elsewhere(i32) memory(none)
declare i64 @strlen(ptr) nounwind nofree memory(argmem: read)
attributes #0 = { sanitize_thread nosync memory(argmem: read) }
; CHECK-NOT: attributes #[[GETTER]] = {{.*}}(memory|nosync|sanitize_thread)
; CHECK: attributes #[[PURE]] = { memory(argmem: read) }
