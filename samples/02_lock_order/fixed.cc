// SPDX-License-Identifier: Apache-2.0
// A transfer locks both accounts in one order for everybody: the one with the smaller number first.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>
#include <mutex>

using namespace std::chrono_literals;

struct Account {
  int number;
  gordian::Mutex mu;
  long balance = 0;  // guarded by mu
};

Account ann{1, {}, 100};
Account bob{2, {}, 100};

void transfer(Account& from, Account& to, long amount) {
  Account& first = from.number < to.number ? from : to;
  Account& second = from.number < to.number ? to : from;
  std::lock_guard hold_first(first.mu);
  std::lock_guard hold_second(second.mu);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  gordian::WaitGroup done;
  done.go([] { transfer(ann, bob, 30); });
  done.go([] {
    gordian::sleep(100ms);
    transfer(bob, ann, 10);
  });
  done.wait();
  std::printf("ann %ld, bob %ld\n", ann.balance, bob.balance);
}
