// SPDX-License-Identifier: Apache-2.0
// A thread pool as everybody writes it: a queue under a mutex, a condition variable, futures. What a job and a promise
// hand over is ordered, results and exceptions too. Told to stop without the lock, it is a race (and a wake-up that may
// be lost).
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DUNLOCKED %s -o %t.unlocked
// RUN: %gordian_run 66 %t.unlocked | FileCheck %s --check-prefix=UNLOCKED
// CHECK: no findings
// UNLOCKED: data race {{.*}}: Pool::stop_ is
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

class Pool {
 public:
  explicit Pool(int count) {
    for (int number = 0; number < count; ++number) {
      workers_.emplace_back([this] { serve(); });
    }
  }
  ~Pool() {
    {
#ifndef UNLOCKED
      const std::lock_guard lock(mu_);
#endif
      stop_ = true;  // UNLOCKED-DAG: writes at {{.*}}.cc:[[#@LINE]]
    }
    ready_.notify_all();
    for (std::thread& worker : workers_) {
      worker.join();
    }
  }
  template <class F>
  auto submit(F job) {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<F>()>>(std::move(job));
    auto result = task->get_future();
    {
      const std::lock_guard lock(mu_);
      jobs_.emplace([task] { (*task)(); });
    }
    ready_.notify_one();
    return result;
  }

 private:
  void serve() {
    while (true) {
      std::unique_lock lock(mu_);
      ready_.wait(lock, [this] { return stop_ || !jobs_.empty(); });  // UNLOCKED-DAG: reads at {{.*}}.cc:[[#@LINE]]
      if (jobs_.empty()) {
        return;
      }
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop();
      lock.unlock();
      job();
    }
  }

  std::mutex mu_;
  std::condition_variable ready_;
  std::queue<std::function<void()>> jobs_;
  std::vector<std::thread> workers_;
  bool stop_ = false;
};

bool fails(std::future<int> result) {
  try {
    return result.get() < 0;
  } catch (const std::invalid_argument& error) {
    return error.what() == std::string("odd");
  }
}

int main() {
  std::vector<int> numbers(100, 1);
  std::promise<std::vector<int>*> later;
  Pool pool(3);
  std::vector<std::future<int>> results;
  for (int number = 0; number < 20; ++number) {
    results.push_back(pool.submit([number] { return number * number; }));
  }
  auto odd = pool.submit([]() -> int { throw std::invalid_argument("odd"); });
  auto grown = pool.submit([&later] {
    std::vector<int>* given = later.get_future().get();
    given->push_back(3);
    return given->size();
  });
  numbers.push_back(2);
  later.set_value(&numbers);
  int sum = 0;
  for (auto& result : results) {
    sum += result.get();
  }
  return sum == 2470 && fails(std::move(odd)) && grown.get() == 102 && numbers.back() == 3 ? 0 : 1;
}
