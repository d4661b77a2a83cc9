// SPDX-License-Identifier: Apache-2.0
// The names of accesses: globals and their fields, fields through pointers, references and `this`, elements, captures.
// RUN: %cxx -std=c++20 -O0 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O1 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
// RUN: %cxx -std=c++20 -O3 -c %s -o %t.o && %site_dump %t.o | FileCheck %s
namespace bank {
struct Limits {
  int low;
  int high;
};
struct Config {
  int limit;
  int table[4];
  Limits limits;
};
Config config;
}  // namespace bank

struct Account {
  long balance;
  long history[8];
};
int counter;
int buffer[10];
Account accounts[3];
int* current;

// CHECK-LABEL: function globals
void globals(int i) {
  counter = 1;                 // CHECK: write 4 [global] counter at globals:[[@LINE]]:
  buffer[i] = 1;               // CHECK: write 4 [element] buffer[] at globals:[[@LINE]]:
  bank::config.limit = 1;      // CHECK: write 4 [global] bank::config.limit at globals:[[@LINE]]:
  bank::config.table[i] = 1;   // CHECK: write 4 [element] bank::config.table[] at globals:[[@LINE]]:
  bank::config.limits.high++;  // CHECK: write 4 [global] bank::config.limits.high at globals:[[@LINE]]:
  accounts[i].balance = 1;     // CHECK: write 8 [global] accounts[].balance at globals:[[@LINE]]:
}

// CHECK-LABEL: function pointers
void pointers(Account* account, int* number, int i) {
  account->balance = 1;     // CHECK: write 8 [field] Account::balance at pointers:[[@LINE]]:
  account->history[i] = 2;  // CHECK: write 8 [element] Account::history[] at pointers:[[@LINE]]:
  *number = 3;              // CHECK: write 4 [local] *number at pointers:[[@LINE]]:
  number[i] = 4;            // CHECK: write 4 [element] number[] at pointers:[[@LINE]]:
  account[i].balance = 5;   // CHECK: write 8 [field] Account::balance at pointers:[[@LINE]]:
  *current = 6;             // CHECK: write 4 [global] *current at pointers:[[@LINE]]:
}

// CHECK-LABEL: function references
void references(Account& account, int& number, bank::Config& config) {
  account.balance = 1;     // CHECK: write 8 [field] Account::balance at references:[[@LINE]]:
  number = 2;              // CHECK: write 4 [local] number at references:[[@LINE]]:
  config.limits.high = 3;  // CHECK: write 4 [field] bank::Config::limits.high at references:[[@LINE]]:
}

struct Base {
  int inherited;
};
struct Counter : Base {
  int value;
  union {
    int whole;
    char bytes[4];
  };
  unsigned flags : 3;
  unsigned rest : 5;
  [[gnu::noinline]] void step();
};
// CHECK-LABEL: function Counter::step
void Counter::step() {
  value = 1;      // CHECK: write 4 [field] Counter::value at Counter::step:[[@LINE]]:
  inherited = 2;  // CHECK: write 4 [field] Counter::inherited at Counter::step:[[@LINE]]:
  whole = 3;      // CHECK: write 4 {{.*}} at Counter::step:[[@LINE]]:
  flags = 4;      // CHECK: write 1 [none]  at Counter::step:[[@LINE]]:
}

void start(void (*)(void*), void*);
template <class F>
void run(F f) {
  start([](void* closure) { (*static_cast<F*>(closure))(); }, &f);
}

// What a lambda captures keeps its name, by reference or by value.
// CHECK-LABEL: function captures
void captures() {
  int hits = 0;  // CHECK: write 4 [local] hits at captures:[[@LINE]]:
  Account alice{};
  Account* target = &alice;
  // CHECK-LABEL: {{function|site}} {{.*}}captures::{lambda#1}
  run([&] { hits++; });
  run([&] { alice.balance++; });
  run([target] { target->balance = 7; });
}
