// SPDX-License-Identifier: Apache-2.0
// A pool of two workers counts the parts of a machine. Whoever counts one gives its inner part to the pool and waits
// for the answer: with the second both workers wait, and nobody is left to take the third.
#include <gordian/gordian.h>

#include <cstdio>

struct Job {
  int depth;
  gordian::SendChan<int> answer;
};

using Jobs = gordian::Chan<Job>;

int parts(const Jobs& jobs, int depth) {
  if (depth == 0) {
    return 1;
  }
  auto answer = gordian::make_chan<int>(1);
  jobs.send({depth - 1, answer});  // [1] no worker is free
  return 1 + answer.recv();        // [2] the other worker's
}

void work(const Jobs& jobs) {
  for (const Job& job : jobs) {
    job.answer.send(parts(jobs, job.depth));
  }
}

int main() {
  Jobs jobs = gordian::make_chan<Job>();
  for (int i = 0; i < 2; ++i) {
    gordian::go(work, jobs);  // [go]
  }
  auto answer = gordian::make_chan<int>(1);
  jobs.send({2, answer});
  std::printf("%d parts\n", answer.recv());  // [3]
}
