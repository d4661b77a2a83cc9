// SPDX-License-Identifier: Apache-2.0
// A library without instrumentation that is called through pointers alone: virtual functions and a table of functions.
// Its lock and its box synchronise by atomics that nobody sees. The program's own pointers order nobody.
// RUN: clang++ -std=c++20 -O1 -fPIC -shared -DLIBRARY %s -o %t.so
// RUN: %gordian_cxx -O1 %s %t.so -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O0 %s %t.so -o %t.plain
// RUN: %gordian_run 0 %t.plain | FileCheck %s
// RUN: clang++ -std=c++20 -O1 -DLIBRARY -c %s -o %t.o
// RUN: %gordian_cxx -O1 %s %t.o -o %t.static
// RUN: %gordian_run 0 %t.static | FileCheck %s
// RUN: %gordian_cxx -O1 -fPIC -shared -DPART %s -o %t.part.so
// RUN: %gordian_cxx -O1 -DOWN %s %t.so %t.part.so -o %t.own
// RUN: %gordian_run 66 %t.own | FileCheck %s --check-prefix=OWN
// CHECK: no findings
// OWN-DAG: data race {{.*}}counter
// OWN-DAG: data race {{.*}}letter
// OWN: 2 findings
struct Gate {
  virtual void enter() = 0;
  virtual void leave() = 0;
};
struct Box {
  void* content = nullptr;
};
struct Post {
  void (*put)(Box*, void*);
  void* (*take)(Box*);
};
Gate* make_gate();
const Post* post();
const Post* post_of_part();

#if defined LIBRARY
#include <sched.h>

namespace {

struct SpinGate final : Gate {
  void enter() override {
    while (__atomic_exchange_n(&taken, true, __ATOMIC_ACQUIRE)) {
      sched_yield();
    }
  }
  void leave() override { __atomic_store_n(&taken, false, __ATOMIC_RELEASE); }
  bool taken = false;
};

void put(Box* box, void* content) { __atomic_store_n(&box->content, content, __ATOMIC_RELEASE); }
void* take(Box* box) {
  void* content = nullptr;
  while ((content = __atomic_load_n(&box->content, __ATOMIC_ACQUIRE)) == nullptr) {
    sched_yield();
  }
  return content;
}

}  // namespace

Gate* make_gate() { return new SpinGate; }
const Post* post() {
  static constexpr Post kPost{put, take};
  return &kPost;
}
#elif defined PART
#include <sched.h>

// An instrumented library whose functions have no names outside.
namespace {

void put(Box* box, void* content) { __atomic_store_n(&box->content, content, __ATOMIC_RELAXED); }
void* take(Box* box) {
  void* content = nullptr;
  while ((content = __atomic_load_n(&box->content, __ATOMIC_RELAXED)) == nullptr) {
    sched_yield();
  }
  return content;
}

}  // namespace

const Post* post_of_part() {
  static constexpr Post kPost{put, take};
  return &kPost;
}
#else
#define STEP_PLAIN
#include <thread>

#include "support/step.h"

struct OpenGate final : Gate {
  void enter() override {}
  void leave() override {}
};

int counter = 0;
int letter = 0;

int main() {
#ifdef OWN
  Gate* gate = new OpenGate;
  const Post* by = post_of_part();
#else
  Gate* gate = make_gate();
  const Post* by = post();
#endif
  Box box;
  step::Order order;
  const auto count = [&] {
    gate->enter();
    ++counter;
    gate->leave();
  };
  std::thread one([&] { order.at(0, count); });
  std::thread two([&] { order.at(1, count); });
  std::thread writer([&] {
    letter = 42;
    by->put(&box, &letter);
  });
  const int read = *static_cast<int*>(by->take(&box));
  one.join();
  two.join();
  writer.join();
  return read == 42 && counter == 2 ? 0 : 1;
}
#endif
