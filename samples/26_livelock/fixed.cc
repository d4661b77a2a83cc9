// SPDX-License-Identifier: Apache-2.0
// A transfer that cannot deadlock: it locks the payer, tries the payee, and if somebody else has that one, gives the
// first one back and tries again after a pause that is random and grows, so that two that met do not meet for ever.
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
  gordian::Backoff backoff;
  for (int attempt = 0; attempt < 150; ++attempt) {
    std::unique_lock hold_from(from.mu);
    gordian::sleep(1ms);  // checks its balance
    if (const std::unique_lock hold_to(to.mu, std::try_to_lock); hold_to) {
      from.balance -= amount;
      to.balance += amount;
      return true;
    }
    gordian::sleep(1ms);  // notes that it failed
    hold_from.unlock();
    backoff.sleep();
  }
  return false;
}

int main() {
  gordian::set_max_procs(1);
  gordian::WaitGroup done;
  done.go([] { std::printf("ann pays: %s\n", transfer(ann, bob, 30) ? "yes" : "given up"); });
  done.go([] { std::printf("bob pays: %s\n", transfer(bob, ann, 10) ? "yes" : "given up"); });
  done.wait();
  std::printf("ann %ld, bob %ld\n", ann.balance, bob.balance);
}
