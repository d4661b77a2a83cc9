// SPDX-License-Identifier: Apache-2.0
// Many readers or one writer.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>
#include <shared_mutex>

gordian::RWMutex rw;
int rate = 1;

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go([] {
      std::shared_lock hold(rw);
      (void)static_cast<volatile int&>(rate);
    });
  }
  done.go([] {
    std::lock_guard hold(rw);
    rate = 2;
  });
  done.wait();
}
