// SPDX-License-Identifier: Apache-2.0
// A channel of capacity 1 is a mutex: the kth receive happens before the (k+1)th send completes.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int hits = 0;

void serve(gordian::Chan<void> slot) {
  slot.send();
  ++hits;
  slot.recv();
}

int main() {
  auto slot = gordian::make_chan<void>(1);
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go([=] { serve(slot); });
  }
  done.wait();
}
