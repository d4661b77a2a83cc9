// SPDX-License-Identifier: Apache-2.0
// The object of a call is what gives locks and channels their names in a report.
// RUN: %cxx -std=c++20 -O0 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
#include <mutex>
#include <vector>

namespace gordian {
namespace detail {
struct State {
  int word = 0;
};
struct Channel;
void mutex_lock(State& state) noexcept;
void mutex_unlock(State& state) noexcept;
void mutex_destroy(State& state) noexcept;
Channel* channel_make(void (*drop)(void*)) noexcept;
bool channel_receive(Channel* channel, void* element) noexcept;
void channel_release(Channel* channel) noexcept;
}  // namespace detail
class Mutex {
 public:
  constexpr Mutex() noexcept = default;
  ~Mutex() { detail::mutex_destroy(state_); }
  void lock() { detail::mutex_lock(state_); }
  void unlock() { detail::mutex_unlock(state_); }

 private:
  detail::State state_;
};
class Chan {
 public:
  Chan() : channel_(detail::channel_make(nullptr)) {}
  Chan(const Chan& other) : channel_(other.channel_) {}
  ~Chan() { detail::channel_release(channel_); }
  int recv() const {
    int value = 0;
    detail::channel_receive(channel_, &value);
    return value;
  }

 private:
  detail::Channel* channel_;
};
}  // namespace gordian

struct Account {
  gordian::Mutex mu;  // at offset 0: the account and its lock have one address
  long balance;
};
Account bob;
Account accounts[3];
gordian::Mutex counter_mutex;

// CHECK-LABEL: function direct
void direct(int i) {
  counter_mutex.lock();   // CHECK: lock on 'counter_mutex' at {{.*}}direct:[[@LINE]]:
  bob.mu.lock();          // CHECK: lock on 'bob.mu' at {{.*}}direct:[[@LINE]]:
  accounts[1].mu.lock();  // CHECK: lock on 'accounts[1].mu' at {{.*}}direct:[[@LINE]]:
  accounts[i].mu.lock();  // CHECK: lock on 'accounts[].mu' at {{.*}}direct:[[@LINE]]:
}

struct Till {
  gordian::Mutex mu;
  void open();
};
void work();

// What GORDIAN_DEFER makes in the user's function is not a variable of the user's.
// CHECK-LABEL: function Till::open
void Till::open() {
  mu.lock();  // CHECK: lock on 'Till::mu' at {{.*}}Till::open:[[@LINE]]:
  const auto gordian_defer_0 = [&] { mu.unlock(); };
  work();
  gordian_defer_0();
}

// CHECK-LABEL: function through
void through(Account& from, Account* to, gordian::Mutex& mu, gordian::Mutex* held) {
  from.mu.lock();  // CHECK: lock on 'Account::mu' at {{.*}}through:[[@LINE]]:
  to->mu.lock();   // CHECK: lock on 'Account::mu' at {{.*}}through:[[@LINE]]:
  mu.lock();       // CHECK: lock on 'mu' at {{.*}}through:[[@LINE]]:
  held->lock();    // CHECK: lock on '*held' at {{.*}}through:[[@LINE]]:
}

// Guards stand for what they guard.
// CHECK-LABEL: function guarded
void guarded() {
  std::lock_guard<gordian::Mutex> one(counter_mutex);  // CHECK: on 'counter_mutex' at {{.*}}guarded:[[@LINE]]:
  std::scoped_lock two(bob.mu);                        // CHECK: on 'bob.mu' at {{.*}}guarded:[[@LINE]]:
  std::unique_lock three(accounts[2].mu);              // CHECK: on 'accounts[2].mu' at {{.*}}guarded:[[@LINE]]:
}

// Where the lock has no variable of its own it is a member of its class, never the guard.
// CHECK-LABEL: function element
void element(std::vector<Account>& all, int i) {
  std::lock_guard hold(all[i].mu);  // CHECK: on '{{(Account::|all\[\].)}}mu' at {{.*}}element:[[@LINE]]:
}

// A handle is passed by value; what it holds is its own business.
// CHECK-LABEL: function handles
int handles(gordian::Chan jobs) {
  gordian::Chan results;                // CHECK: {{channel_make|Chan}} on 'results' at {{.*}}handles:[[@LINE]]:
  return jobs.recv() + results.recv();  // CHECK: rec{{.*}} on 'jobs' at {{.*}}handles:[[@LINE]]:
}  // CHECK: rec{{.*}} on 'results' at {{.*}}handles:

void start(void (*)(void*), void*);
template <class F>
void run(F f) {
  start([](void* closure) { (*static_cast<F*>(closure))(); }, &f);
}

// CHECK-DAG: lock on 'local' at {{.*}}captured::{lambda#1}
// CHECK-DAG: lock on 'alice.mu' at {{.*}}captured::{lambda#1}
// CHECK-DAG: rec{{.*}} on 'jobs' at {{.*}}captured::{lambda#2}
void captured(gordian::Chan jobs) {
  gordian::Mutex local;
  Account alice;
  run([&] {
    local.lock();
    alice.mu.lock();
  });
  run([jobs] { jobs.recv(); });
}

// CHECK: global bob size 16
// CHECK-NEXT: member bob.mu offset 0 size 4
// CHECK-NEXT: member bob.balance offset 8 size 8
// CHECK: global accounts size 48 element 16
