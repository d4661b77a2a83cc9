// SPDX-License-Identifier: Apache-2.0
// --fix copies the variable where that is certain to be right.
// RUN: cp %s %t.cc
// RUN: not %lint --fix --checks=loop-variable-by-reference %t.cc -- %headers
// RUN: FileCheck %s < %t.cc
// RUN: not %lint --checks=loop-variable-by-reference %t.cc -- %headers | FileCheck --check-prefix=LEFT %s
#include <gordian/gordian.h>

#include <string>
#include <vector>

void use(int value);
void use_text(const std::string& text);
void change(int& value);

void all(const std::vector<std::string>& words) {
  gordian::WaitGroup wg;
  int other = 0;
  for (int i = 0; i < 10; ++i) {
    // CHECK: {{^}}    wg.go([i] { use(i); });
    wg.go([&i] { use(i); });
    // CHECK: {{^}}    wg.go([&other, i] { use(i + other); });
    wg.go([&other, &i] { use(i + other); });
    // CHECK: {{^}}    wg.go([&, i] { use(i + other); });
    wg.go([&] { use(i + other); });
    // CHECK: {{^}}    wg.go([&i] { change(i); });
    // LEFT: warning: the loop's variable 'i'
    wg.go([&i] { change(i); });
  }
  for (auto word : words) {
    // CHECK: {{^}}    wg.go([&word] { use_text(word); });
    // LEFT: warning: the loop's variable 'word'
    wg.go([&word] { use_text(word); });
  }
  wg.wait();
}
// LEFT-NOT: warning:
