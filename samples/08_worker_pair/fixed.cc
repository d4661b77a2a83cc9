// SPDX-License-Identifier: Apache-2.0
// Two workers take jobs from an input channel and send results to an output channel. Jobs travel by value: who receives
// one owns it.
#include <gordian/gordian.h>

#include <cstdio>

struct Job {
  int input = 0;
};

int process(const Job& job) { return job.input * 2; }

void worker(gordian::RecvChan<Job> input, gordian::SendChan<int> output) {
  for (Job job : input) {
    output.send(process(job));
  }
}

int main() {
  auto input = gordian::make_chan<Job>();
  auto output = gordian::make_chan<int>();
  for (int i = 0; i < 2; ++i) {
    gordian::go(worker, input, output);
  }

  Job job;
  for (int value : {20, 21}) {
    job.input = value;
    input.send(job);
  }
  const int sum = output.recv() + output.recv();
  input.close();
  std::printf("sum %d\n", sum);
}
