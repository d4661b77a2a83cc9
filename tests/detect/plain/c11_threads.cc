// SPDX-License-Identifier: Apache-2.0
// The threads of ISO C are threads: one counter under its lock, one without.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race {{.*}}bare is
// CHECK-NOT: guarded is
#include <threads.h>

mtx_t lock;
once_flag once = ONCE_FLAG_INIT;
int guarded;
int bare;

int add(void*) {
  call_once(&once, [] { guarded = 1; });
  mtx_lock(&lock);
  ++guarded;
  mtx_unlock(&lock);
  ++bare;  // CHECK-DAG: .cc:[[#@LINE]]
  return 7;
}

int main() {
  mtx_init(&lock, mtx_plain);
  thrd_t one;
  thrd_t two;
  thrd_create(&one, add, nullptr);
  thrd_create(&two, add, nullptr);
  int first = 0;
  int second = 0;
  thrd_join(one, &first);
  thrd_join(two, &second);
  mtx_destroy(&lock);
  return first + second == 14 && guarded == 3 ? 0 : 1;
}
// CHECK: 1 finding
