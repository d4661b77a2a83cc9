// SPDX-License-Identifier: Apache-2.0
// std::string is compiled with the program, in every language version: one thread changes a string while another one
// reads it. With a lock there is no race, and readers alone have none. A shared_ptr's counts are nobody's race, the
// pointer itself is.
// RUN: %gordian_cxx -O0 -std=c++17 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -std=c++17 %s -o %t.optimised
// RUN: %gordian_run 66 %t.optimised | FileCheck %s
// RUN: %gordian_cxx -O1 -std=c++17 -DLOCKED %s -o %t.locked
// RUN: %gordian_run 0 %t.locked | FileCheck %s --check-prefix=CLEAN
// RUN: %gordian_cxx -O1 -std=c++17 -DREADERS %s -o %t.readers
// RUN: %gordian_run 0 %t.readers | FileCheck %s --check-prefix=CLEAN
// CHECK-DAG: data race {{.*}}: appended is
// CHECK-DAG: data race {{.*}}: replaced is
// CHECK-DAG: data race {{.*}}: owner is
// CLEAN: no findings
#include <memory>
#include <mutex>
#include <string>
#include <thread>

std::string appended = "a text that is longer than a string's own room";
std::string replaced = "short";
std::shared_ptr<int> owner = std::make_shared<int>(1);
std::mutex lock;
std::size_t sums[2];

#ifdef LOCKED
#define GUARD const std::lock_guard<std::mutex> guard(lock)
#else
#define GUARD
#endif

template <class First, class Second>
void both(First first, Second second) {
  std::thread one([&] {
    GUARD;
    first();
  });
  std::thread other([&] {
    GUARD;
    second();
  });
  one.join();
  other.join();
}

void read(std::size_t& sum) {
  const std::shared_ptr<int> mine = owner;
  sum +=
      appended.find("own") + replaced.compare("shore") + std::string(appended, 4).size() + static_cast<size_t>(*mine);
}

int main() {
#ifdef READERS
  both([] { read(sums[0]); }, [] { read(sums[1]); });
#else
  both([] { appended.append(" of its"); }, [] { sums[1] += appended.find("own"); });
  both([] { replaced.replace(1, 2, "tand"); }, [] { sums[1] += std::string(replaced, 1).size(); });
  both([] { owner = std::make_shared<int>(2); }, [] { sums[1] += owner ? 1 : 0; });
#endif
}
