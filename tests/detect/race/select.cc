// SPDX-License-Identifier: Apache-2.0
// The case that select chose orders as a plain receive would.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int answer = 0;

int main() {
  auto yes = gordian::make_chan<void>();
  auto no = gordian::make_chan<void>();
  gordian::go([=] {
    answer = 1;
    gordian::Select{gordian::on_send(yes), gordian::on_recv(no)}.run();
  });
  gordian::Select{gordian::on_recv(yes), gordian::on_recv(no)}.run();
  return answer == 1 ? 0 : 1;
}
