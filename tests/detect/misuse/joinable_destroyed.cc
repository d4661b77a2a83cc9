// SPDX-License-Identifier: Apache-2.0
// A std::thread that is joinable when its scope ends takes the program with it. Who calls std::terminate for reasons of
// their own, or breaks a noexcept, is not accused of that.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 134 %t | FileCheck %s
// RUN: %gordian_cxx -O0 -DASSIGNED %s -o %t.assigned
// RUN: %gordian_run 134 %t.assigned | FileCheck %s --check-prefix=ASSIGNED
// RUN: %gordian_cxx -O1 -DBY_HAND %s -o %t.by_hand
// RUN: %gordian_run 134 %t.by_hand | FileCheck %s --check-prefix=BY_HAND
// RUN: %gordian_cxx -O1 -DNOEXCEPT %s -o %t.noexcept
// RUN: %gordian_run 134 %t.noexcept | FileCheck %s --check-prefix=BY_HAND
// CHECK: misuse M1 (joinable-destroyed, observed): a std::thread is destroyed while it is joinable
// CHECK: main destroys it at
// ASSIGNED: misuse M1 (joinable-destroyed, observed)
// BY_HAND: no findings
#include <exception>
#include <stdexcept>
#include <thread>

void forget() {
  std::thread worker([] {});
#ifdef ASSIGNED
  worker = std::thread([] {});
#elif defined(BY_HAND)
  worker.join();
  std::terminate();
#elif defined(NOEXCEPT)
  worker.join();
  [&]() noexcept { throw std::runtime_error("nobody catches it"); }();
#endif
}

int main() { forget(); }
// CHECK: hint: join it on every path
