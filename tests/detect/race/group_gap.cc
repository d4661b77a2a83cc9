// SPDX-License-Identifier: Apache-2.0
// One goroutine writes what lies around a field, as one record, and the other one the field; one the even elements, the
// other one the odd ones. No byte is shared.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
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
  account.last = sum;
}

void pay(Account& account, long sum) { account.balance = sum; }

void fill(long* values, int first) {
  for (int i = first; i < 300; i += 6) {
    values[i] = i;
    values[i + 2] = i;
    values[i + 4] = i;
  }
}

int main() {
  auto account = std::make_unique<Account>();
  auto values = std::make_unique<long[]>(310);
  gordian::WaitGroup done;
  done.go([&] { open(*account, 5); });
  done.go([&] { pay(*account, 6); });
  done.go([&] { fill(values.get(), 0); });
  done.go([&] { fill(values.get(), 1); });
  done.wait();
}
