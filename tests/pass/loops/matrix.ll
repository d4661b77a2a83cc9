; SPDX-License-Identifier: Apache-2.0
; A range that each round of an outer loop tells again, a step further, is one record of two dimensions: address, count,
; stride, rows and their distance, of six words with the control word.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
; RUN: %opt -passes=gordian -gordian-stats -disable-output %s 2>&1 | FileCheck %s --check-prefix=STATS
; RUN: %opt -passes=gordian -gordian-loops=false -S %s | FileCheck %s --check-prefix=EACH
target triple = "x86_64-pc-linux-gnu"

; STATS: gordian: matrix-range 11

; Eight columns of a matrix that is 2048 wide. Control word: matrix (6), site 0.
; CHECK-LABEL: define void @tile(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK-NEXT: getelementptr i64, ptr %words, i64 1
; CHECK-NEXT: store i64
; CHECK-NEXT: getelementptr i64, ptr %words, i64 2
; CHECK-NEXT: store i64 8,
; CHECK-NEXT: getelementptr i64, ptr %words, i64 3
; CHECK-NEXT: store i64 8,
; CHECK-NEXT: getelementptr i64, ptr %words, i64 4
; CHECK-NEXT: store i64 80,
; CHECK-NEXT: getelementptr i64, ptr %words, i64 5
; CHECK-NEXT: store i64 16384,
; CHECK-NEXT: getelementptr i64, ptr %words, i64 6
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
; EACH-LABEL: define void @tile(
; EACH: columns:
; EACH: gordian_rt_access_slow(i64 1)
; EACH-NOT: gordian_rt_access_slow(i64 {{[3-9]}}
; EACH-NOT: store i64 -749398977994450534
define void @tile(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %first = mul nuw i64 %row, 2048
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Column by column: what is a row of the record is one of the matrix's columns.
; CHECK-LABEL: define void @transposed(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 80,
; CHECK: store i64 16384,
; CHECK: store i64 10,
; CHECK: store i64 8,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @transposed(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %first = mul nuw i64 %column, 2048
  %index = add nuw i64 %first, %row
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 80
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 10
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; From the last row to the first one.
; CHECK-LABEL: define void @backwards(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 8,
; CHECK: store i64 8,
; CHECK: store i64 80,
; CHECK: store i64 -16384,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @backwards(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %up = sub i64 100, %row
  %first = mul i64 %up, 2048
  %index = add i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; What nobody knows before the program runs is computed in front of both loops. However short, it keeps its six words.
; CHECK-LABEL: define void @measured(
; CHECK: entry:
; CHECK-DAG: [[DISTANCE:%.*]] = shl i64 %width, 3
; CHECK-DAG: [[COLUMNS:%.*]] = call i64 @llvm.umax.i64(i64 %columns, i64 1)
; CHECK-DAG: [[ROWS:%.*]] = call i64 @llvm.umax.i64(i64 %rows, i64 1)
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK-NOT: select
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 [[COLUMNS]],
; CHECK: store i64 8,
; CHECK: store i64 [[ROWS]],
; CHECK: store i64 [[DISTANCE]],
; CHECK: ret void
define void @measured(ptr %p, i64 %columns, i64 %rows, i64 %width) sanitize_thread {
entry:
  br label %outer
outer:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %inner
inner:
  %column = phi i64 [ 0, %outer ], [ %next, %inner ]
  %first = mul i64 %row, %width
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, %columns
  br i1 %more, label %inner, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, %rows
  br i1 %more.rows, label %outer, label %done
done:
  ret void
}

; Fields of a matrix of pairs: one record of a group, which is site 2.
; CHECK-LABEL: define void @pairs(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505342
; CHECK: store i64 8,
; CHECK: store i64 16,
; CHECK: store i64 80,
; CHECK: store i64 32768,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @pairs(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %first = mul nuw i64 %row, 2048
  %index = add nuw i64 %first, %column
  %at = getelementptr { i64, i64 }, ptr %p, i64 %index
  store i64 0, ptr %at
  %second = getelementptr i8, ptr %at, i64 8
  store i64 0, ptr %second
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Alike in all but the distance of the rows: no group.
; CHECK-LABEL: define void @unlike(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 12)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 16384,
; CHECK: store i64 -7493989779944505343
; CHECK: store i64 32768,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @unlike(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %first = mul nuw i64 %row, 2048
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %other.first = mul nuw i64 %row, 4096
  %other.column = add nuw i64 %column, 8
  %other.index = add nuw i64 %other.first, %other.column
  %other = getelementptr i64, ptr %p, i64 %other.index
  store i64 0, ptr %other
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Three deep, rows that go on as rows: of all layers.
; CHECK-LABEL: define void @layers(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 8,
; CHECK: store i64 8,
; CHECK: store i64 800,
; CHECK: store i64 16384,
; CHECK: layers:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @layers(ptr %p) sanitize_thread {
entry:
  br label %layers
layers:
  %layer = phi i64 [ 0, %entry ], [ %next.layer, %behind ]
  %above = mul nuw i64 %layer, 163840
  br label %rows
rows:
  %row = phi i64 [ 0, %layers ], [ %next.row, %end ]
  %left = mul nuw i64 %row, 2048
  %first = add nuw i64 %above, %left
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %behind
behind:
  %next.layer = add nuw i64 %layer, 1
  %more.layers = icmp ult i64 %next.layer, 10
  br i1 %more.layers, label %layers, label %done
done:
  ret void
}

; The same rows for each layer.
; CHECK-LABEL: define void @again(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 8,
; CHECK: store i64 8,
; CHECK: store i64 80,
; CHECK: store i64 16384,
; CHECK: layers:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @again(ptr %p) sanitize_thread {
entry:
  br label %layers
layers:
  %layer = phi i64 [ 0, %entry ], [ %next.layer, %behind ]
  %above = mul nuw i64 %layer, 0
  br label %rows
rows:
  %row = phi i64 [ 0, %layers ], [ %next.row, %end ]
  %left = mul nuw i64 %row, 2048
  %first = add nuw i64 %above, %left
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %behind
behind:
  %next.layer = add nuw i64 %layer, 1
  %more.layers = icmp ult i64 %next.layer, 10
  br i1 %more.layers, label %layers, label %done
done:
  ret void
}

; Rows that go on where the last one ended, in layers.
; CHECK-LABEL: define void @blocks(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 640,
; CHECK: store i64 8,
; CHECK: store i64 10,
; CHECK: store i64 65536,
; CHECK: layers:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @blocks(ptr %p) sanitize_thread {
entry:
  br label %layers
layers:
  %layer = phi i64 [ 0, %entry ], [ %next.layer, %behind ]
  %above = mul nuw i64 %layer, 8192
  br label %rows
rows:
  %row = phi i64 [ 0, %layers ], [ %next.row, %end ]
  %left = mul nuw i64 %row, 8
  %first = add nuw i64 %above, %left
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, 8
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %behind
behind:
  %next.layer = add nuw i64 %layer, 1
  %more.layers = icmp ult i64 %next.layer, 10
  br i1 %more.layers, label %layers, label %done
done:
  ret void
}
