// SPDX-License-Identifier: Apache-2.0
// --fix puts a guard in place where nothing else changes.
// RUN: cp %s %t.cc
// RUN: not %lint --fix --checks=unlock-not-deferred %t.cc -- %headers
// RUN: FileCheck %s < %t.cc
// RUN: not %lint --checks=unlock-not-deferred %t.cc -- %headers | FileCheck --check-prefix=LEFT %s
// CHECK: #include <gordian/gordian.h>
// CHECK: {{^}}#include <mutex>
#include <gordian/gordian.h>

#include <string>
#include <vector>

gordian::Mutex mu;
gordian::RWMutex table;
std::vector<std::string> lines;

struct Timer {
  ~Timer() { lines.clear(); }
};

void whole_body(const std::string& line) {
  // CHECK: {{^}}  std::scoped_lock guard(mu);
  // CHECK-NEXT: {{^}}  lines.push_back(line);
  // CHECK-NEXT: {{^}}}
  mu.lock();
  lines.push_back(line);
  mu.unlock();
}

struct Log {
  gordian::RWMutex mu;
  int append(const std::string& line) {
    int size = 0;
    // CHECK: {{^}}    std::scoped_lock guard(this->mu);
    // CHECK-NEXT: {{^}}    lines.push_back(line);
    // CHECK-NEXT: {{^}}    size = 1;
    // CHECK-NEXT: {{^}}    return size;
    this->mu.lock();
    lines.push_back(line);
    size = 1;
    this->mu.unlock();
    return size;
  }
};

void through_a_pointer(Log* log, const std::string& line) {
  if (log != nullptr) {
    // CHECK: {{^}}    std::scoped_lock guard(log->mu);
    log->mu.lock();
    lines.push_back(line);
    log->mu.unlock();
  }
}

// More follows: the lock would be held for longer.
void more(const std::string& line) {
  // LEFT: warning: 'mu'
  mu.lock();
  lines.push_back(line);
  mu.unlock();
  lines.clear();
}

// The timer's end would move under the lock.
void timed(const std::string& line) {
  // LEFT: warning: 'mu'
  mu.lock();
  Timer timer;
  lines.push_back(line);
  mu.unlock();
}
// LEFT-NOT: warning:
