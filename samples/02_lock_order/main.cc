// SPDX-License-Identifier: Apache-2.0
// A transfer locks the payer, then the payee. Two transfers in opposite directions lock in opposite orders: when they
// meet, both wait for ever. Here the second one starts later, the program ends well, and the fault is still there.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>
#include <mutex>

using namespace std::chrono_literals;

struct Account {
  gordian::Mutex mu;
  long balance = 0;  // guarded by mu
};

Account ann{{}, 100};
Account bob{{}, 100};

void transfer(Account& from, Account& to, long amount) {
  std::lock_guard hold_from(from.mu);  // [1] holds the payer ...
  std::lock_guard hold_to(to.mu);      // [2] ... and asks for the payee
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  gordian::WaitGroup done;
  done.go([] { transfer(ann, bob, 30); });  // [rent]
  done.go([] {                              // [refund]
    gordian::sleep(100ms);
    transfer(bob, ann, 10);
  });
  done.wait();
  std::printf("ann %ld, bob %ld\n", ann.balance, bob.balance);
}
