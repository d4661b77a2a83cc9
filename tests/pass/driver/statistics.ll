; SPDX-License-Identifier: Apache-2.0
; What is said of the reductions of a module: each as it is found, where a line is known, and how often in all.
; RUN: %opt -passes=gordian -gordian-stats -disable-output %s 2>&1 | FileCheck %s
; RUN: %opt -passes=gordian -disable-output %s 2>&1 | FileCheck %s --check-prefix=SILENT --allow-empty
target triple = "x86_64-pc-linux-gnu"

; SILENT-NOT: gordian
; CHECK: gordian: covered-forward at inner.h:7 main.cc:42{{$}}
; CHECK-NEXT: gordian: private-stack 1{{$}}
; CHECK-NEXT: gordian: private-heap 0{{$}}
; CHECK-NEXT: gordian: private-argument 0{{$}}
; CHECK-NEXT: gordian: covered-forward 2{{$}}
; CHECK: gordian: quiet-call 0{{$}}
define void @twice(ptr %p) sanitize_thread !dbg !5 {
  %slot = alloca i32
  store i32 0, ptr %slot
  store i32 0, ptr %p
  store i32 1, ptr %p, !dbg !7
  store i32 2, ptr %p
  ret void
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "main.cc", directory: "/source")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DIFile(filename: "deep/inner.h", directory: "/source")
!4 = !DISubroutineType(types: !8)
!5 = distinct !DISubprogram(name: "twice", scope: !1, file: !1, line: 40, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!6 = distinct !DISubprogram(name: "set", scope: !3, file: !3, line: 6, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!7 = !DILocation(line: 7, scope: !6, inlinedAt: !9)
!8 = !{null}
!9 = distinct !DILocation(line: 42, scope: !5)
