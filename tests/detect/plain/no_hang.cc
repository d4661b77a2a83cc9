// SPDX-License-Identifier: Apache-2.0
// Everything that threads wait for, and everybody goes on in the end. What still waits for work when main returns ends
// with the program, as threads do.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>

#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

std::mutex mu;
std::condition_variable turn;
int whose = 0;
std::shared_mutex table;
pthread_barrier_t barrier;
sem_t permits;
int shared = 0;
pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t work = PTHREAD_COND_INITIALIZER;

void play(int self) {
  for (int round = 0; round < 50; ++round) {
    {
      std::unique_lock lock(mu);
      turn.wait(lock, [&] { return whose == self; });
      whose = (self + 1) % 3;
      turn.notify_all();
    }
    sem_wait(&permits);
    {
      const std::unique_lock write(table);
      ++shared;
    }
    {
      const std::shared_lock read(table);
      (void)shared;
    }
    sem_post(&permits);
    pthread_barrier_wait(&barrier);
  }
}

int main() {
  pthread_barrier_init(&barrier, nullptr, 3);
  sem_init(&permits, 0, 2);
  std::thread([] {
    pthread_mutex_lock(&queue);
    for (;;) {
      pthread_cond_wait(&work, &queue);
    }
  }).detach();
  std::vector<std::thread> players;
  for (int self = 0; self < 3; ++self) {
    players.emplace_back(play, self);
  }
  for (std::thread& player : players) {
    player.join();
  }
  return shared == 150 ? 0 : 1;
}
