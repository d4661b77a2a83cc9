// SPDX-License-Identifier: Apache-2.0
// A little of everything that a trace can hold, with two races and a lock-order inversion: what the damaged traces are
// made of.
#include <gordian/gordian.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace {

int counter = 0;
int table[64];
gordian::Mutex left;
gordian::Mutex right;
gordian::RWMutex shared;
gordian::Once once;
std::mutex standard;
std::atomic<int> flag{0};

void lock_both(gordian::Mutex& first, gordian::Mutex& second) {
  const std::lock_guard one(first);
  const std::lock_guard two(second);
  flag.fetch_add(1, std::memory_order_acq_rel);
}

void work(int number, const gordian::Chan<int>& out) {
  ++counter;
  for (int i = 0; i < 64; ++i) {
    table[i] += number;
  }
  once.call([] { flag.store(1, std::memory_order_release); });
  {
    shared.lock_shared();
    shared.unlock_shared();
    const std::lock_guard hold(standard);
  }
  std::vector<int> heap(static_cast<std::size_t>(number) + 8);
  heap[0] = number;
  out.send(heap[0]);
}

}  // namespace

int main() {
  const auto out = gordian::make_chan<int>(2);
  gordian::WaitGroup group;
  for (int number = 0; number < 6; ++number) {
    group.go([=] { work(number, out); });
  }
  const auto done = gordian::make_chan<void>();
  gordian::go([=] {
    int sum = 0;
    for (const int value : out) {
      sum += value;
    }
    done.send();
  });
  group.wait();
  out.close();
  done.recv();
  gordian::Timer timer(std::chrono::microseconds(1));
  timer.channel().recv();
  gordian::Semaphore permits(2);
  permits.acquire(1);
  permits.release(1);
  gordian::Select{gordian::on_recv(done), gordian::on_default()}.run();
  std::thread([] { lock_both(left, right); }).join();
  std::thread([] { lock_both(right, left); }).join();
}
