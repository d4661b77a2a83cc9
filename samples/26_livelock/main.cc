// SPDX-License-Identifier: Apache-2.0
// A transfer that cannot deadlock: it locks the payer, tries the payee, and if somebody else has that one, gives the
// first one back and tries again. Two transfers in opposite directions do all of this at once, again and again.
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

// False: it gave up.
bool transfer(Account& from, Account& to, long amount) {
  for (int attempt = 0; attempt < 150; ++attempt) {
    std::unique_lock hold_from(from.mu);                                     // [1] holds the payer ...
    gordian::sleep(1ms);                                                     // checks its balance
    if (const std::unique_lock hold_to(to.mu, std::try_to_lock); hold_to) {  // [2] ... and cannot have the payee
      from.balance -= amount;
      to.balance += amount;
      return true;
    }
    gordian::sleep(1ms);  // notes that it failed
    hold_from.unlock();
    gordian::sleep(1ms);
  }
  return false;
}

int main() {
  gordian::set_max_procs(1);  // both keep the same pace
  gordian::WaitGroup done;
  done.go([] { std::printf("ann pays: %s\n", transfer(ann, bob, 30) ? "yes" : "given up"); });  // [rent]
  done.go([] { std::printf("bob pays: %s\n", transfer(bob, ann, 10) ? "yes" : "given up"); });  // [refund]
  done.wait();
  std::printf("ann %ld, bob %ld\n", ann.balance, bob.balance);
}
