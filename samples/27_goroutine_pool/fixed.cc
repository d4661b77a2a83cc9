// SPDX-License-Identifier: Apache-2.0
// A pool of two workers counts the parts of a machine. Whoever counts one gives its inner part to the pool if a worker
// is waiting for it, and counts it otherwise. When all is done, the jobs are closed and the workers end.
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
  if (!jobs.try_send({depth - 1, answer})) {
    return 1 + parts(jobs, depth - 1);
  }
  return 1 + answer.recv();
}

void work(const Jobs& jobs) {
  for (const Job& job : jobs) {
    job.answer.send(parts(jobs, job.depth));
  }
}

int main() {
  Jobs jobs = gordian::make_chan<Job>();
  gordian::WaitGroup workers;
  for (int i = 0; i < 2; ++i) {
    workers.go([=] { work(jobs); });
  }
  auto answer = gordian::make_chan<int>(1);
  jobs.send({2, answer});
  std::printf("%d parts\n", answer.recv());
  jobs.close();
  workers.wait();
}
