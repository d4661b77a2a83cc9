// SPDX-License-Identifier: Apache-2.0
// Pairs of lock and unlock that an exception parts.
// RUN: not %lint --checks=unlock-not-deferred %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

gordian::Mutex mu;
std::shared_mutex table;
std::vector<std::string> log;

int parse(const std::string& text);

void append(const std::string& line) {
  // CHECK: :[[#@LINE+4]]:3: warning: 'mu' stays locked if an exception comes before its unlock; let a std::scoped_lock hold it [gordian-unlock-not-deferred]
  // CHECK: std::scoped_lock guard(mu)
  // CHECK: :[[#@LINE+3]]:3: note: 'push_back' may throw
  // CHECK: :[[#@LINE+3]]:3: note: the unlock, which is then left out
  mu.lock();
  log.push_back(line);
  mu.unlock();
}

int read(const std::string& text) {
  // CHECK: :[[#@LINE+1]]:3: warning: 'table' stays locked if an exception comes before its unlock; let a std::shared_lock hold it
  table.lock_shared();
  // CHECK: note: 'parse' may throw
  const int value = parse(text);
  table.unlock_shared();
  return value;
}

class Queue {
 public:
  void grow() {
    for (int i = 0; i < 3; ++i) {
      // CHECK: :[[#@LINE+1]]:7: warning: 'mu_' stays locked
      mu_.lock();
      // CHECK: note: 'push_back' may throw
      items_.push_back(new int(i));
      mu_.unlock();
    }
  }

 private:
  std::mutex mu_;
  std::vector<int*> items_;
};

int main() { Queue().grow(); }
// CHECK-NOT: warning:
