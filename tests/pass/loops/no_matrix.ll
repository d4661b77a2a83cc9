; SPDX-License-Identifier: Apache-2.0
; Nested loops of which no record of two dimensions could say exactly what is executed, or in which there is no need for
; one.
; RUN: %opt -passes=gordian,verify -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; A triangle: each row has a length of its own.
; CHECK-LABEL: define void @triangle(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: rows:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: columns:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @triangle(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  %length = add nuw i64 %row, 1
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %first = mul nuw i64 %row, 2048
  %index = add nuw i64 %first, %column
  %at = getelementptr i64, ptr %p, i64 %index
  store i64 0, ptr %at
  %next = add nuw i64 %column, 1
  %more = icmp ult i64 %next, %length
  br i1 %more, label %columns, label %end
end:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Nobody knows how many rows it will be.
; CHECK-LABEL: define void @left_early(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: rows:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: columns:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @left_early(ptr %p, i64 %last) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %on ]
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
  %enough = icmp eq i64 %row, %last
  br i1 %enough, label %done, label %on
on:
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; Only some rounds come to the row.
; CHECK-LABEL: define void @some_rows(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: some:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: columns:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @some_rows(ptr %p, i64 %mask) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  %bit = and i64 %row, %mask
  %is = icmp ne i64 %bit, 0
  br i1 %is, label %some, label %end
some:
  br label %columns
columns:
  %column = phi i64 [ 0, %some ], [ %next, %columns ]
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

; Something else may happen between two rows.
; CHECK-LABEL: define void @calling(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: rows:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: columns:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @calling(ptr %p) sanitize_thread {
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
  call void @anything()
  %next.row = add nuw i64 %row, 1
  %more.rows = icmp ult i64 %next.row, 80
  br i1 %more.rows, label %rows, label %done
done:
  ret void
}

; The same row each time: one dimension.
; CHECK-LABEL: define void @same_row(
; CHECK: entry:
; CHECK: gordian_rt_access_slow(i64 4)
; CHECK: store i64 8,
; CHECK: store i64 8,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @same_row(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %row = phi i64 [ 0, %entry ], [ %next.row, %end ]
  br label %columns
columns:
  %column = phi i64 [ 0, %rows ], [ %next, %columns ]
  %at = getelementptr i64, ptr %p, i64 %column
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

; There is no third dimension: one for each layer.
; CHECK-LABEL: define void @cube(
; CHECK: entry:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: layers:
; CHECK: gordian_rt_access_slow(i64 6)
; CHECK: store i64 -7493989779944505344
; CHECK: store i64 8,
; CHECK: store i64 8,
; CHECK: store i64 80,
; CHECK: store i64 16384,
; CHECK: rows:
; CHECK-NOT: gordian_rt_access_slow
; CHECK: ret void
define void @cube(ptr %p) sanitize_thread {
entry:
  br label %layers
layers:
  %layer = phi i64 [ 0, %entry ], [ %next.layer, %behind ]
  %above = mul nuw i64 %layer, 4194304
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

declare void @anything()
