// SPDX-License-Identifier: Apache-2.0
// A lock has its own name in a report, not that of the guard that holds it, also where all is inlined, where the mutex
// is the first member, and where the guard itself is handed on. main, where all of Buffer is inlined, knows the
// variable: its word counts, whoever locks first.
// RUN: %gordian_cxx -O2 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s --check-prefixes=CHECK,INLINED --implicit-check-not='mutex guard'
// RUN: %gordian_cxx -O0 %s -o %t.plain
// RUN: %gordian_run 66 %t.plain | FileCheck %s --check-prefixes=CHECK,PLAIN --implicit-check-not='mutex guard'
// RUN: %gordian_cxx -O2 -DCLEAN %s -o %t.clean
// RUN: %gordian_run 0 %t.clean | FileCheck %s --check-prefix=CLEAN
// CHECK-DAG: holds mutex Door::latch_
// INLINED-DAG: holds mutex buffer.mu_
// PLAIN-DAG: holds mutex Buffer::mu_
// CHECK: 2 findings
// CLEAN: no findings
#include <condition_variable>
#include <mutex>
#include <thread>

#ifdef CLEAN
#define GUARD_IF_CLEAN(mutex) const std::lock_guard guard(mutex)
#else
#define GUARD_IF_CLEAN(mutex)
#endif

class Buffer {
 public:
  void put() {
    std::unique_lock guard(mu_);
    full_ = true;
    guard.unlock();
    changed_.notify_one();
  }
  void wait() {
    std::unique_lock guard(mu_);
    changed_.wait(guard, [&] { return full_; });
  }
  bool is_full() {
    GUARD_IF_CLEAN(mu_);
    return full_;
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  bool full_ = false;
};

class Door {
 public:
  void open() {
    const std::lock_guard guard(latch_);
    ++opened_;
  }
  int opened() {
    GUARD_IF_CLEAN(latch_);
    return opened_;
  }

 private:
  std::mutex latch_;
  int opened_ = 0;
};

int main() {
  Buffer buffer;
  Door door;
  int seen = 0;
  std::thread writer([&] {
    buffer.put();
    door.open();
  });
  std::thread reader([&] { seen = (buffer.is_full() ? 1 : 0) + door.opened(); });
  buffer.wait();
  writer.join();
  reader.join();
  return seen > 2 ? 1 : 0;
}
