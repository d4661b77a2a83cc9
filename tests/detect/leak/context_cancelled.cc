// SPDX-License-Identifier: Apache-2.0
// The same with a scope that cancels, and a context that ends by itself: main waits for both goroutines.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

using namespace std::chrono_literals;

int main() {
  gordian::WaitGroup group;
  {
    const gordian::ContextScope scope(gordian::background());
    group.go([ctx = scope.context()] { ctx.done().recv(); });
    const auto [timed, cancel] = gordian::with_timeout(scope.context(), 1ms);
    group.go([ctx = timed] { ctx.done().recv(); });
    timed.done().recv();
    cancel();
  }
  group.wait();
}
