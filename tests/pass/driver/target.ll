; SPDX-License-Identifier: Apache-2.0
; Another architecture is refused with a sentence, never instrumented wrongly.
; RUN: not %opt -passes=gordian -S %s -o /dev/null 2>&1 | FileCheck %s
; CHECK: error: gordian: only x86-64 can be instrumented, not aarch64-linux-gnu
target triple = "aarch64-linux-gnu"
define void @f() sanitize_thread {
  ret void
}
