; SPDX-License-Identifier: Apache-2.0
; An ifunc's resolver runs before the runtime's thread block exists.
; RUN: %opt -passes=gordian -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"
@chosen = ifunc void (), ptr @choose
@flag = global i32 0
; CHECK-LABEL: define internal ptr @choose(
; CHECK-NOT: gordian
; CHECK: ret ptr
define internal ptr @choose() sanitize_thread {
  store i32 1, ptr @flag
  ret ptr null
}
