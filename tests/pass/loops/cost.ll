; SPDX-License-Identifier: Apache-2.0
; What the address of a range may cost.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; Where the loop begins, an address may be a sum that was computed long before, or one that has to be computed for the
; record: of so many instructions, not of more.
; CHECK-LABEL: define void @cheap(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @cheap(ptr %p, i64 %x0, i64 %x1, i64 %x2, i64 %x3, i64 %x4, i64 %x5, i64 %x6, i64 %x7) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s0 = add i64 %i, %x0
  %s1 = add i64 %s0, %x1
  %s2 = add i64 %s1, %x2
  %s3 = add i64 %s2, %x3
  %s4 = add i64 %s3, %x4
  %s5 = add i64 %s4, %x5
  %s6 = add i64 %s5, %x6
  %s7 = add i64 %s6, %x7
  %at = getelementptr i64, ptr %p, i64 %s7
  store i64 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}
; CHECK-LABEL: define void @dear(
; CHECK: loop:
; CHECK: gordian_rt_access_slow(i64 1)
; CHECK: ret void
define void @dear(ptr %p, i64 %x0, i64 %x1, i64 %x2, i64 %x3, i64 %x4, i64 %x5, i64 %x6, i64 %x7, i64 %x8, i64 %x9, i64 %x10, i64 %x11, i64 %x12, i64 %x13, i64 %x14, i64 %x15, i64 %x16, i64 %x17, i64 %x18, i64 %x19, i64 %x20, i64 %x21, i64 %x22, i64 %x23, i64 %x24, i64 %x25, i64 %x26, i64 %x27, i64 %x28, i64 %x29, i64 %x30, i64 %x31, i64 %x32, i64 %x33, i64 %x34, i64 %x35, i64 %x36, i64 %x37, i64 %x38, i64 %x39) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s0 = add i64 %i, %x0
  %s1 = add i64 %s0, %x1
  %s2 = add i64 %s1, %x2
  %s3 = add i64 %s2, %x3
  %s4 = add i64 %s3, %x4
  %s5 = add i64 %s4, %x5
  %s6 = add i64 %s5, %x6
  %s7 = add i64 %s6, %x7
  %s8 = add i64 %s7, %x8
  %s9 = add i64 %s8, %x9
  %s10 = add i64 %s9, %x10
  %s11 = add i64 %s10, %x11
  %s12 = add i64 %s11, %x12
  %s13 = add i64 %s12, %x13
  %s14 = add i64 %s13, %x14
  %s15 = add i64 %s14, %x15
  %s16 = add i64 %s15, %x16
  %s17 = add i64 %s16, %x17
  %s18 = add i64 %s17, %x18
  %s19 = add i64 %s18, %x19
  %s20 = add i64 %s19, %x20
  %s21 = add i64 %s20, %x21
  %s22 = add i64 %s21, %x22
  %s23 = add i64 %s22, %x23
  %s24 = add i64 %s23, %x24
  %s25 = add i64 %s24, %x25
  %s26 = add i64 %s25, %x26
  %s27 = add i64 %s26, %x27
  %s28 = add i64 %s27, %x28
  %s29 = add i64 %s28, %x29
  %s30 = add i64 %s29, %x30
  %s31 = add i64 %s30, %x31
  %s32 = add i64 %s31, %x32
  %s33 = add i64 %s32, %x33
  %s34 = add i64 %s33, %x34
  %s35 = add i64 %s34, %x35
  %s36 = add i64 %s35, %x36
  %s37 = add i64 %s36, %x37
  %s38 = add i64 %s37, %x38
  %s39 = add i64 %s38, %x39
  %at = getelementptr i64, ptr %p, i64 %s39
  store i64 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}
; CHECK-LABEL: define void @paid_before(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: loop:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @paid_before(ptr %p, i64 %x0, i64 %x1, i64 %x2, i64 %x3, i64 %x4, i64 %x5, i64 %x6, i64 %x7, i64 %x8, i64 %x9, i64 %x10, i64 %x11, i64 %x12, i64 %x13, i64 %x14, i64 %x15, i64 %x16, i64 %x17, i64 %x18, i64 %x19, i64 %x20, i64 %x21, i64 %x22, i64 %x23, i64 %x24, i64 %x25, i64 %x26, i64 %x27, i64 %x28, i64 %x29, i64 %x30, i64 %x31, i64 %x32, i64 %x33, i64 %x34, i64 %x35, i64 %x36, i64 %x37, i64 %x38, i64 %x39) sanitize_thread {
entry:
  %s0 = xor i64 0, %x0
  %s1 = xor i64 %s0, %x1
  %s2 = xor i64 %s1, %x2
  %s3 = xor i64 %s2, %x3
  %s4 = xor i64 %s3, %x4
  %s5 = xor i64 %s4, %x5
  %s6 = xor i64 %s5, %x6
  %s7 = xor i64 %s6, %x7
  %s8 = xor i64 %s7, %x8
  %s9 = xor i64 %s8, %x9
  %s10 = xor i64 %s9, %x10
  %s11 = xor i64 %s10, %x11
  %s12 = xor i64 %s11, %x12
  %s13 = xor i64 %s12, %x13
  %s14 = xor i64 %s13, %x14
  %s15 = xor i64 %s14, %x15
  %s16 = xor i64 %s15, %x16
  %s17 = xor i64 %s16, %x17
  %s18 = xor i64 %s17, %x18
  %s19 = xor i64 %s18, %x19
  %s20 = xor i64 %s19, %x20
  %s21 = xor i64 %s20, %x21
  %s22 = xor i64 %s21, %x22
  %s23 = xor i64 %s22, %x23
  %s24 = xor i64 %s23, %x24
  %s25 = xor i64 %s24, %x25
  %s26 = xor i64 %s25, %x26
  %s27 = xor i64 %s26, %x27
  %s28 = xor i64 %s27, %x28
  %s29 = xor i64 %s28, %x29
  %s30 = xor i64 %s29, %x30
  %s31 = xor i64 %s30, %x31
  %s32 = xor i64 %s31, %x32
  %s33 = xor i64 %s32, %x33
  %s34 = xor i64 %s33, %x34
  %s35 = xor i64 %s34, %x35
  %s36 = xor i64 %s35, %x36
  %s37 = xor i64 %s36, %x37
  %s38 = xor i64 %s37, %x38
  %s39 = xor i64 %s38, %x39
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = add i64 %i, %s39
  %at = getelementptr i64, ptr %p, i64 %sum
  store i64 0, ptr %at
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, 100
  br i1 %more, label %loop, label %done
done:
  ret void
}
