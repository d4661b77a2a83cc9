// SPDX-License-Identifier: Apache-2.0
// A counter with its own mutex, ten goroutines; the lock is deferred away.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

class Counter {
 public:
  void increment() {
    mu_.lock();
    gordian::Defer unlock{[this] { mu_.unlock(); }};
    ++value_;
  }
  int value() {
    mu_.lock();
    gordian::Defer unlock{[this] { mu_.unlock(); }};
    return value_;
  }

 private:
  gordian::Mutex mu_;
  int value_ = 0;
};

int main() {
  Counter counter;
  gordian::WaitGroup done;
  for (int i = 0; i < 10; ++i) {
    done.go([&] {
      for (int j = 0; j < 100; ++j) {
        counter.increment();
      }
    });
  }
  done.wait();
  return counter.value() == 1000 ? 0 : 1;
}
