// SPDX-License-Identifier: Apache-2.0
// clang's thread-safety analysis understands Gordian's locks: what breaks the rules is found.
// RUN: %clang -fsyntax-only -Wthread-safety %s 2>&1 | FileCheck %s
#include <gordian/gordian.h>

#define GUARDED_BY(mu) __attribute__((guarded_by(mu)))
#define REQUIRES(mu) __attribute__((requires_capability(mu)))

class Account {
 public:
  void deposit(int amount) {
    // CHECK: :[[#@LINE+1]]:5: warning: writing variable 'balance_' requires holding mutex 'mu_' exclusively
    balance_ += amount;
  }
  void call() {
    // CHECK: :[[#@LINE+1]]:5: warning: calling function 'add' requires holding mutex 'mu_' exclusively
    add(1);
  }
  int forgotten(bool quick) {
    // CHECK: warning: mutex 'mu_' is not held on every path through here
    // CHECK: :[[#@LINE+1]]:9: note: mutex acquired here
    mu_.lock();
    if (quick) {
      return 0;
    }
    const int balance = balance_;
    mu_.unlock();
    return balance;
  }
  void tried() {
    // CHECK: warning: writing variable 'balance_' requires holding mutex 'mu_' exclusively
    if (!mu_.try_lock()) {
      balance_ = 0;
      return;
    }
    mu_.unlock();
  }
  void writes_as_reader(int rate) {
    table_.lock_shared();
    // CHECK: :[[#@LINE+1]]:5: warning: writing variable 'rate_' requires holding mutex 'table_' exclusively
    rate_ = rate;
    table_.unlock_shared();
  }

 private:
  void add(int amount) REQUIRES(mu_) { balance_ += amount; }

  gordian::Mutex mu_;
  gordian::RWMutex table_;
  int balance_ GUARDED_BY(mu_) = 0;
  int rate_ GUARDED_BY(table_) = 1;
};
