// SPDX-License-Identifier: Apache-2.0
// Ways out of a function that leave a lock behind.
// RUN: not %lint --checks=missing-unlock %s -- %headers | FileCheck %s
#include <gordian/gordian.h>
#include <pthread.h>

#include <mutex>
#include <stdexcept>

gordian::Mutex mu;
std::mutex other;
gordian::RWMutex table;
pthread_mutex_t old = PTHREAD_MUTEX_INITIALIZER;
int counter = 0;

int early_return(int n) {
  // CHECK: :[[#@LINE+1]]:3: warning: 'mu' is locked here and not released on every way out [gordian-missing-unlock]
  mu.lock();
  if (n < 0) {
    // CHECK: :[[#@LINE+1]]:5: note: the function is left here with 'mu' held
    return -1;
  }
  counter += n;
  mu.unlock();
  return counter;
}

void forgotten() {
  // CHECK: :[[#@LINE+1]]:3: warning: 'other' is locked here
  other.lock();
  ++counter;
  // CHECK: :[[#@LINE+1]]:1: note: the function is left here with 'other' held
}

void thrown(int n) {
  // CHECK: :[[#@LINE+1]]:3: warning: 'other' is locked here
  other.lock();
  if (n < 0) {
    // CHECK: :[[#@LINE+1]]:5: note: an exception leaves the function here with 'other' held
    throw std::runtime_error("negative");
  }
  other.unlock();
}

int next_round(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    // CHECK: :[[#@LINE+1]]:5: warning: 'table' is locked here
    table.lock_shared();
    if (i == 3) {
      continue;
    }
    sum += counter;
    table.unlock_shared();
  }
  return sum;
}

int posix(int n) {
  // CHECK: :[[#@LINE+1]]:3: warning: 'old' is locked here
  pthread_mutex_lock(&old);
  switch (n) {
    case 0:
      pthread_mutex_unlock(&old);
      return 0;
    case 1:
      return 1;
    default:
      break;
  }
  pthread_mutex_unlock(&old);
  return 2;
}

class Account {
 public:
  bool withdraw(int amount) {
    // CHECK: :[[#@LINE+1]]:5: warning: 'mu_' is locked here
    mu_.lock();
    if (balance_ < amount) {
      return false;
    }
    balance_ -= amount;
    mu_.unlock();
    return true;
  }

 private:
  gordian::Mutex mu_;
  int balance_ = 0;
};

void goroutine() {
  gordian::go([] {
    // CHECK: :[[#@LINE+1]]:5: warning: 'mu' is locked here
    mu.lock();
    ++counter;
  });
}
// CHECK-NOT: warning:
