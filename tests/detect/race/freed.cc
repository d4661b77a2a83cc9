// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DTOO_LATE %s -o %t.late
// RUN: %gordian_run 66 %t.late | FileCheck %s --check-prefix=LATE
// RUN: %gordian_cxx -O1 -DWAITED %s -o %t.waited
// RUN: %gordian_run 0 %t.waited | FileCheck %s --check-prefix=WAITED
// RUN: %gordian_cxx -O1 -DSHARED %s -o %t.shared
// RUN: %gordian_run 0 %t.shared | FileCheck %s --check-prefix=WAITED
// RUN: %gordian_cxx -O1 -DLIBRARY %s -o %t.library
// RUN: %gordian_run 0 %t.library | FileCheck %s --check-prefix=WAITED
// A job is deleted, a buffer freed, while a goroutine may still use it: with the accesses before the end of the memory
// in this run, and after it. Waiting helps, or owning it together. An exception is counted inside the library, unseen.
// WAITED: no findings
// CHECK-DAG: (race-with-free, observed): {{.*}} is freed by main while g2 {{.*}} writes it: nothing orders the two
// CHECK-DAG: heap memory, 64 bytes, allocated at main
// CHECK-DAG: (race-with-free, observed): {{.*}}Job::pages is freed by main while g2 {{.*}} reads it
// CHECK-DAG: heap memory, 4 bytes, allocated at main
// CHECK-DAG: why: {{.*}} makes the end of the memory wait for the access
// CHECK-DAG: hint: let main wait for g2 before it frees, or share the ownership
// LATE-DAG: is freed by main while g2 {{.*}} writes it
// LATE-DAG: Job::pages is freed by main while g2 {{.*}} reads it
// LATE: 2 findings
#include <cstdlib>
#include <exception>
#include <memory>

#include "support/step.h"

struct Job {
  int pages = 3;
};

int seen = 0;
step::Order order;
#ifdef TOO_LATE
constexpr int kUse = 1, kEnd = 0;
#else
constexpr int kUse = 0, kEnd = 1;
#endif

#if defined LIBRARY
int main() {
  gordian::WaitGroup done;
  auto thrown = std::make_exception_ptr(Job());
  for (int reader = 0; reader < 2; ++reader) {
    done.go([reader, mine = thrown]() mutable {
      order.at(reader, [&] {
        try {
          std::rethrow_exception(std::move(mine));
        } catch (const Job& job) {
          if (job.pages != 3) std::abort();
        }
        mine = nullptr;
      });
    });
  }
  thrown = nullptr;
  done.wait();
}
#elif defined SHARED
int main() {
  gordian::WaitGroup done;
  done.add(1);
  {
    auto job = std::make_shared<Job>();
    gordian::go([job, &done] {
      order.at(0, [&] { job->pages = 1; });
      done.done();
    });
    order.at(1, [&] { job.reset(); });
  }
  done.wait();
}
#else
int main() {
  gordian::WaitGroup done;
  auto* job = new Job;
  auto* buffer = static_cast<char*>(std::malloc(64));
  done.go([=] {
    order.at(kUse, [=] {
      // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE+1]]
      buffer[9] = 'x';
      // CHECK-DAG: reads at {{.*}}.cc:[[#@LINE+1]]
      seen = job->pages;
    });
  });
#ifdef WAITED
  done.wait();
#endif
  order.at(kEnd, [=] {
    // CHECK-DAG: frees at {{.*}}.cc:[[#@LINE+1]]
    delete job;
    // CHECK-DAG: frees at {{.*}}.cc:[[#@LINE+1]]
    std::free(buffer);
  });
  done.wait();
}
#endif
// CHECK: 2 findings
