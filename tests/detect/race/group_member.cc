// SPDX-License-Identifier: Apache-2.0
// All of an object is written in one go, as one record. The report names the line of the field that the other one
// reads, and no other's; the same for the elements of a loop.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK-DAG: data race{{.*}}Account::balance
// CHECK-DAG: data race{{.*}}Account::last
#include <gordian/gordian.h>

#include <memory>

struct Account {
  long id = 0;
  long balance = 0;
  long limit = 0;
  long last = 0;
};

void open(Account& account, long sum) {
  account.limit = 10 * sum;
  account.id = sum;
  account.balance = sum;  // CHECK-DAG: .cc:[[#@LINE]]
}

long look(const Account& account) {
  return account.balance;  // CHECK-DAG: .cc:[[#@LINE]]
}

void close_all(Account* accounts) {
  for (int i = 0; i < 100; ++i) {
    accounts[i].limit = 0;
    accounts[i].last = accounts[i].id;  // CHECK-DAG: .cc:[[#@LINE]]
  }
}

long last_of(const Account* accounts) {
  return accounts[99].last;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  auto accounts = std::make_unique<Account[]>(100);
  auto account = std::make_unique<Account>();
  long seen = 0;
  long last = 0;
  gordian::WaitGroup done;
  done.go([&] { open(*account, 5); });
  done.go([&] { seen = look(*account); });
  done.go([&] { close_all(accounts.get()); });
  done.go([&] { last = last_of(accounts.get()); });
  done.wait();
  return seen + last > 100 ? 1 : 0;
}
// CHECK: 2 findings
