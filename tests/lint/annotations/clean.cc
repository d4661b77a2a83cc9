// SPDX-License-Identifier: Apache-2.0
// Gordian's locks carry clang's thread-safety attributes: code that says what a lock guards, and keeps to it, is
// accepted.
// RUN: %clang -fsyntax-only -Wthread-safety -Werror %s
#include <gordian/gordian.h>

#include <mutex>

#define GUARDED_BY(mu) __attribute__((guarded_by(mu)))
#define REQUIRES(mu) __attribute__((requires_capability(mu)))
#define REQUIRES_SHARED(mu) __attribute__((requires_shared_capability(mu)))

class __attribute__((scoped_lockable)) Hold {
 public:
  explicit Hold(gordian::Mutex& mu) __attribute__((acquire_capability(mu))) : mu_(mu) { mu.lock(); }
  ~Hold() __attribute__((release_capability())) { mu_.unlock(); }

 private:
  gordian::Mutex& mu_;
};

class Account {
 public:
  void deposit(int amount) {
    mu_.lock();
    add(amount);
    mu_.unlock();
  }
  int balance() {
    Hold hold(mu_);
    return balance_;
  }
  bool try_deposit(int amount) {
    if (!mu_.try_lock()) {
      return false;
    }
    add(amount);
    mu_.unlock();
    return true;
  }
  int rate() {
    table_.lock_shared();
    const int rate = look_up();
    table_.unlock_shared();
    return rate;
  }
  void set_rate(int rate) {
    table_.lock();
    rate_ = rate;
    table_.unlock();
  }

 private:
  void add(int amount) REQUIRES(mu_) { balance_ += amount; }
  int look_up() REQUIRES_SHARED(table_) { return rate_; }

  gordian::Mutex mu_;
  gordian::RWMutex table_;
  int balance_ GUARDED_BY(mu_) = 0;
  int rate_ GUARDED_BY(table_) = 1;
};
