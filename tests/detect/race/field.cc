// SPDX-License-Identifier: Apache-2.0
// A field of an object on the heap, through a pointer that both goroutines have.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: Session::state
#include <gordian/gordian.h>

#include <memory>

struct Session {
  int id = 7;
  int state = 0;
};

void close(Session& session) {
  session.state = 2;  // CHECK-DAG: .cc:[[#@LINE]]
}

bool is_open(const Session& session) {
  return session.state == 1;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  auto session = std::make_unique<Session>();
  bool open = false;
  gordian::WaitGroup done;
  done.go([&] { close(*session); });
  done.go([&] { open = is_open(*session); });
  done.wait();
  return open ? 1 : 0;
}
// CHECK: 1 finding
