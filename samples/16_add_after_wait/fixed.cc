// SPDX-License-Identifier: Apache-2.0
// A printer's jobs are counted by who hands them out, before they are; the printer counts them down when they are
// printed.
#include <gordian/gordian.h>

#include <cstdio>

int pages = 0;

void printer(gordian::RecvChan<int> jobs, gordian::WaitGroup& printing, gordian::SendChan<void> off) {
  for (int job : jobs) {
    pages += job;
    printing.done();
  }
  off.close();
}

int main() {
  gordian::WaitGroup printing;
  auto jobs = gordian::make_chan<int>();
  auto off = gordian::make_chan<void>();
  gordian::go([=, &printing] { printer(jobs, printing, off); });
  printing.add(1);
  jobs.send(12);
  printing.wait();
  std::printf("%d pages\n", pages);
  jobs.close();
  off.recv();
}
