// SPDX-License-Identifier: Apache-2.0
// A printer counts its jobs in a WaitGroup: one more when a job arrives, one less when it is printed. Main waits before
// it hands out the job, so the counter is still zero, and reads the page counter while the printer prints.
#include <gordian/gordian.h>

#include <cstdio>

int pages = 0;

void printer(gordian::RecvChan<int> jobs, gordian::WaitGroup& printing, gordian::SendChan<void> off) {
  for (int job : jobs) {
    printing.add(1);
    pages += job;  // [1] after main has waited
    printing.done();
  }
  off.close();
}

int main() {
  gordian::WaitGroup printing;
  auto jobs = gordian::make_chan<int>();
  auto off = gordian::make_chan<void>();
  gordian::go([=, &printing] { printer(jobs, printing, off); });  // [go]
  printing.wait();
  jobs.send(12);
  std::printf("%d pages\n", pages);  // [2] nothing says that they are printed
  jobs.close();
  off.recv();
}
