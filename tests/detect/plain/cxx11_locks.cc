// SPDX-License-Identifier: Apache-2.0
// The locks of C++11 to C++17, call_once and a function-local static: each variable has its own. Without them each of
// them is a race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DRACY %s -o %t.racy
// RUN: %gordian_run 66 %t.racy | FileCheck %s --check-prefix=RACY
// CHECK: no findings; {{.*}}, nothing lost
// RACY-DAG: data race {{.*}}by_timed is
// RACY-DAG: data race {{.*}}by_recursive is
// RACY-DAG: data race {{.*}}by_recursive_timed is
// RACY-DAG: data race {{.*}}by_shared is
// RACY-DAG: data race {{.*}}by_shared_timed is
// RACY-DAG: data race {{.*}}by_once is
// RACY: 6 findings
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

int by_timed, by_recursive, by_recursive_timed, by_shared, by_shared_timed, by_once;

std::timed_mutex timed;
std::recursive_mutex recursive;
std::recursive_timed_mutex recursive_timed;
std::shared_mutex shared;
std::shared_timed_mutex shared_timed;
std::once_flag once;

#ifdef RACY
#define GUARD(Lock, name, ...)
#else
#define GUARD(Lock, name, ...) const Lock name(__VA_ARGS__)
#endif

void add_recursively(int depth) {
  GUARD(std::lock_guard, lock, recursive);
  ++by_recursive;
  if (depth > 0) {
    add_recursively(depth - 1);
  }
}

struct Table {
  int entries[2];
  Table() : entries{1, 2} {}
};
const Table& table() {
  static const Table only;  // the compiler's guard orders its readers
  return only;
}

void work(int& sum) {
  {
    GUARD(std::unique_lock, lock, timed, 10s);
    ++by_timed;
  }
  add_recursively(2);
  {
    GUARD(std::unique_lock, lock, recursive_timed, std::chrono::steady_clock::now() + 10s);
    ++by_recursive_timed;
  }
  {
    GUARD(std::unique_lock, lock, shared);
    ++by_shared;
  }
  {
    GUARD(std::shared_lock, lock, shared);
    sum += by_shared;
  }
  {
    GUARD(std::unique_lock, lock, shared_timed, 10s);
    ++by_shared_timed;
  }
#ifdef RACY
  by_once = 1;
#else
  std::call_once(once, [] { by_once = 1; });
#endif
  sum += by_once + table().entries[1];
}

int main() {
  int one = 0;
  int two = 0;
  std::thread first(work, std::ref(one));
  std::thread second(work, std::ref(two));
  first.join();
  second.join();
  return one != 0 && two != 0 ? 0 : 1;
}
