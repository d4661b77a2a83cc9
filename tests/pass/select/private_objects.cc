// SPDX-License-Identifier: Apache-2.0
// What C++ makes of objects that nobody else can name, on the heap and on the stack; and of a promise not to keep a
// pointer, which is none not to give it to a thread that is joined.
// RUN: %cxx -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O2 -S -emit-llvm -mllvm -gordian-heap=false %s -o - | FileCheck %s --check-prefix=EACH
#include <memory>
#include <numeric>
#include <vector>

// CHECK-LABEL: define {{.*}} @_Z5ownedi(
// CHECK-NOT: gordian_rt_access_slow
// CHECK: ret i32
// EACH-LABEL: define {{.*}} @_Z5ownedi(
// EACH: gordian_rt_access_slow
int owned(int n) {
  const auto squares = std::make_unique<int[]>(10);
  for (int i = 0; i < 10; ++i) {
    squares[i] = i * n;
  }
  return squares[n];
}

// CHECK-LABEL: define {{.*}} @_Z8in_ordermi(
// CHECK-NOT: gordian_rt_access_slow
// CHECK: ret i32
// EACH-LABEL: define {{.*}} @_Z8in_ordermi(
// EACH: gordian_rt_access_slow
int in_order(std::size_t n, int of) {
  std::vector<int> numbers(n);
  std::iota(numbers.begin(), numbers.end(), of);
  return numbers[n / 2];
}

void in_parallel(__attribute__((noescape)) int* sum);
void (*also_in_parallel)(__attribute__((noescape)) int* sum);

// CHECK-LABEL: define {{.*}} @_Z5addedv(
// CHECK: gordian_rt_access_slow(i64 1)
// CHECK: call {{.*}} @_Z11in_parallelPi(
// CHECK: gordian_rt_access_slow(i64 1)
// CHECK: ret i32
int added() {
  int sum = 0;
  in_parallel(&sum);
  return sum;
}

// CHECK-LABEL: define {{.*}} @_Z10also_addedv(
// CHECK: gordian_rt_access_slow(i64 1)
// CHECK: ret i32
int also_added() {
  int sum = 0;
  also_in_parallel(&sum);
  return sum;
}
