// SPDX-License-Identifier: Apache-2.0
// A program of plain threads gets no thread more that could take the signals it keeps for sigwait: not even when main
// has waited in a join, before it blocked them.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <thread>

int main() {
  std::thread([] { usleep(20000); }).join();  // long enough for main to block in the join
  using Threads = std::filesystem::directory_iterator;
  const auto threads = std::distance(Threads("/proc/self/task"), Threads());
  sigset_t kept;
  sigemptyset(&kept);
  sigaddset(&kept, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &kept, nullptr);
  std::thread sender([] { kill(getpid(), SIGUSR1); });
  int taken = 0;
  sigwait(&kept, &taken);
  sender.join();
  return taken == SIGUSR1 && threads == 1 ? 0 : 1;
}
