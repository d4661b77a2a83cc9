// SPDX-License-Identifier: Apache-2.0
// Each goroutine takes a mutex, but not the same one. What is explained is what each did around its access.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian explain %t.gtrace R1 | FileCheck %s --check-prefix=EXPLAINED
// CHECK: data race
// CHECK-SAME: hits
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex left;
gordian::Mutex right;
int hits = 0;
step::Order order;

void visit(gordian::Mutex& mine) {
  std::lock_guard hold(mine);
  ++hits;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  gordian::WaitGroup served;
  served.go([] { order.at(0, [] { visit(left); }); });
  served.go([] { order.at(1, [] { visit(right); }); });
  served.wait();
}
// CHECK: 1 finding
// EXPLAINED: {{^}}around the accesses
// EXPLAINED-NEXT: {{^}}  g[[#G:]] main
// EXPLAINED-NEXT: {{^}}    lock left at {{.*}}.cc:[[#@LINE-13]]
// EXPLAINED-NEXT: {{^}}    [R1.!] write hits at {{.*}}.cc:[[#@LINE-13]]
// EXPLAINED-NEXT: {{^}}    unlock left at {{.*}}.cc:
// EXPLAINED-NEXT: {{^}}    done() of served
// EXPLAINED-NEXT: {{^}}    end
// EXPLAINED-NEXT: {{^}}  g[[#G+1]] main
// EXPLAINED-NEXT: {{^}}    lock right at {{.*}}.cc:[[#@LINE-19]]
// EXPLAINED-NEXT: {{^}}    [R1.!] write hits
// EXPLAINED: {{^}}order between the two
// EXPLAINED-NEXT: {{^}}  [R1.!] no order between g[[#G]], which writes at {{.*}} and g[[#G+1]], which writes at
