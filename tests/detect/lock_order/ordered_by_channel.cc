// SPDX-License-Identifier: Apache-2.0
// Opposite orders, but the second begins after the first has said that it is done.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex a;
gordian::Mutex b;

int main() {
  auto first_done = gordian::make_chan<void>();
  gordian::WaitGroup done;
  done.go([=] {
    {
      std::lock_guard hold_a(a);
      std::lock_guard hold_b(b);
    }
    first_done.send();
  });
  done.go([=] {
    first_done.recv();
    std::lock_guard hold_b(b);
    std::lock_guard hold_a(a);
  });
  done.wait();
}
