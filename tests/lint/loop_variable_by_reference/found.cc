// SPDX-License-Identifier: Apache-2.0
// Loops that go on while a goroutine still looks at their variable.
// RUN: not %lint --checks=loop-variable-by-reference %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

void use(int value);
void use_text(const std::string& text);

void counted() {
  gordian::WaitGroup wg;
  for (int i = 0; i < 10; ++i) {
    // CHECK: :[[#@LINE+2]]:13: warning: the loop's variable 'i' is shared with the goroutine by reference, and the loop goes on [gordian-loop-variable-by-reference]
    // CHECK: :[[#@LINE-2]]:27: note: the loop changes 'i' here, and nothing on the way has waited for the goroutine
    wg.go([&i] { use(i); });
  }
  wg.wait();
}

void by_default() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i) {
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: the loop's variable 'i' is shared with the thread by reference
    threads.emplace_back([&] { use(i); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

void elements(const std::vector<std::string>& words) {
  gordian::WaitGroup wg;
  for (auto word : words) {
    // CHECK: :[[#@LINE+2]]:13: warning: the loop's variable 'word' is shared with the goroutine by reference
    // CHECK: note: 'word' is another one each time round, and nothing on the way has waited
    wg.go([&word] { use_text(word); });
  }
  wg.wait();
}

void pairs(const std::map<int, int>& table) {
  gordian::WaitGroup wg;
  for (auto [key, value] : table) {
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: the loop's variable 'value' is shared with the goroutine by reference
    wg.go([&] { use(value); });
  }
  wg.wait();
}

void address() {
  for (int i = 0; i < 10; ++i) {
    // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: the loop's variable 'i' is shared with the goroutine by reference
    gordian::go([](const int* p) { use(*p); }, &i);
  }
}
// CHECK-NOT: warning:
