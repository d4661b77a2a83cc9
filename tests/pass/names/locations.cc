// SPDX-License-Identifier: Apache-2.0
// Functions and places as people read them: namespaces, no parameters, inlining spelled out, lambdas numbered.
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
namespace shop {
int stock;
inline void take(int n) { stock -= n; }
template <class T>
struct Shelf {
  T item;
  [[gnu::noinline]] void put(T value) { item = value; }
};
// CHECK: function shop::sell _ZN4shop4sellEi locations.cc:[[@LINE+3]]
// CHECK: write 4 [global] shop::stock at shop::take:[[@LINE-7]]:{{[0-9]+}} < shop::sell:[[@LINE+3]]:3
// CHECK: call 1: shop::Shelf<int>::put on 'Shelf' at
[[gnu::noinline]] void sell(int n) {
  take(n);
  static Shelf<int> Shelf;
  Shelf.put(n);
}
}  // namespace shop

// CHECK: function shop::Shelf<int>::put
// CHECK-NEXT: write 4 [field] shop::Shelf<int>::item at shop::Shelf<int>::put:

// CHECK: global shop::stock size 4 element 0 at locations.cc:[[@LINE-20]]
