// SPDX-License-Identifier: Apache-2.0
// The program's own thread state: addresses of thread_local variables and of errno are found again after each call.
// RUN: %cxx -O3 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %cxx -O3 -flto -fuse-ld=lld -shared -fPIC %link_standin %s -o %t.so && llvm-objdump -d --no-show-raw-insn %t.so | FileCheck %s --check-prefix=LTO
#include <cerrno>

void may_switch();
thread_local int tally;
extern thread_local int elsewhere;
void take(int*);

// CHECK-LABEL: define {{.*}} @_Z5countv(
// CHECK: call {{.*}}ptr @gordian.thread_local.tally()
// CHECK: call void @_Z10may_switchv()
// CHECK: call {{.*}}ptr @gordian.thread_local.tally()
// CHECK: call void @_Z10may_switchv()
// CHECK: call {{.*}}ptr @gordian.thread_local.tally()
// LTO-LABEL: <_Z5countv>:
// LTO-COUNT-3: callq {{.*}}gordian.thread_local.tally
// LTO: retq
void count() {
  tally += 1;
  may_switch();
  tally += 2;
  may_switch();
  tally += 3;
}

// Without a call in between, one address will do.
// CHECK-LABEL: define {{.*}} @_Z5twicev(
// CHECK: call {{.*}}ptr @gordian.thread_local.tally()
// CHECK-NOT: gordian.thread_local
// CHECK: ret
int twice() { return tally * tally; }

// CHECK-LABEL: define {{.*}} @_Z6errorsv(
// CHECK: call ptr @__errno_location()
// CHECK: call void @_Z10may_switchv()
// CHECK: call ptr @__errno_location()
// LTO-LABEL: <_Z6errorsv>:
// LTO-COUNT-2: callq {{.*}}__errno_location
// LTO: retq
int errors() {
  errno = 0;
  may_switch();
  return errno;
}

// CHECK: define internal {{.*}}ptr @gordian.thread_local.tally(){{.*}}#[[ATTRIBUTES:[0-9]+]]
// CHECK-NEXT: call {{.*}}ptr @llvm.threadlocal.address
// CHECK: attributes #[[ATTRIBUTES]] = {{{.*}}noinline{{.*}}optnone{{.*}}memory(inaccessiblemem: read)
