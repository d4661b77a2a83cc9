// SPDX-License-Identifier: Apache-2.0
// Goroutines and threads that share locals and are waited for, in all the ways that are in use.
// RUN: %lint --checks=go-captures-local %s -- %headers 2>&1 | count 0
#include <gordian/gordian.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

void finish_all();
void print(const std::vector<int>& values);

int wait_group() {
  gordian::WaitGroup wg;
  int total = 0;
  wg.go([&] { total = 1; });
  std::cout << "started" << std::endl;
  wg.wait();
  return total;
}

int channel() {
  auto done = gordian::make_chan<void>();
  int total = 0;
  gordian::go([&, done] {
    total = 1;
    done.send();
  });
  done.recv();
  return total;
}

int as_many_receives_as_sends(int n) {
  auto done = gordian::make_chan<void>();
  std::vector<int> squares(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    gordian::go([&squares, done, i] {
      squares[static_cast<std::size_t>(i)] = i * i;
      done.send();
    });
  }
  for (int i = 0; i < n; ++i) {
    done.recv();
  }
  return squares[0];
}

int until_closed() {
  auto results = gordian::make_chan<int>();
  int input = 7;
  gordian::go([&input, results] {
    results.send(input);
    results.close();
  });
  int sum = 0;
  for (int value : results) {
    sum += value;
  }
  return sum;
}

int select() {
  auto done = gordian::make_chan<void>();
  int total = 0;
  gordian::go([&, done] {
    total = 1;
    done.close();
  });
  gordian::Select{gordian::on_recv(done, [] {})}.run();
  return total;
}

int thread_joined() {
  int total = 0;
  std::thread worker([&] { total = 1; });
  if (worker.joinable()) {
    worker.join();
  }
  return total;
}

void threads_joined(int n) {
  std::vector<int> totals(static_cast<std::size_t>(n));
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) {
    threads.emplace_back([&totals, i] { totals[static_cast<std::size_t>(i)] = i; });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  print(totals);
}

void threads_joined_by_algorithm(int n) {
  int total = 0;
  std::mutex mu;
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) {
    threads.push_back(std::thread([&] {
      std::scoped_lock guard(mu);
      ++total;
    }));
  }
  std::for_each(threads.begin(), threads.end(), std::mem_fn(&std::thread::join));
}

// Destroyed in reverse order: the jthread first.
void jthread_declared_last() {
  int total = 0;
  std::jthread worker([&] { total = 1; });
}

void jthreads_in_a_vector() {
  int total = 0;
  std::vector<std::jthread> workers;
  workers.emplace_back([&] { total = 1; });
  if (total == 0) {
    return;
  }
  workers.clear();
}

// A group waits when it ends.
void group_declared_last(bool quick) {
  int total = 0;
  gordian::ErrGroup group;
  group.go([&] { total = 1; });
  if (quick) {
    return;
  }
  group.wait();
}

struct JoinAtEnd {
  std::thread& thread;
  ~JoinAtEnd() { thread.join(); }
};

int joined_by_a_guard(bool quick) {
  int total = 0;
  std::thread worker([&] { total = 1; });
  JoinAtEnd join{worker};
  if (quick) {
    return 0;
  }
  return total;
}

int joined_by_defer(bool quick) {
  int total = 0;
  gordian::WaitGroup wg;
  GORDIAN_DEFER { wg.wait(); };
  wg.go([&] { total = 1; });
  if (quick) {
    return 0;
  }
  return 1;
}

// Both ifs have the same condition.
int only_if_parallel(bool parallel) {
  auto done = gordian::make_chan<void>();
  int total = 0;
  if (parallel) {
    gordian::go([&, done] {
      total = 1;
      done.send();
    });
  } else {
    total = 2;
  }
  if (parallel) {
    done.recv();
  }
  return total;
}

int serial_leaves_early(int n) {
  gordian::WaitGroup wg;
  int total = 0;
  if (n > 1) {
    wg.go([&] { total = 1; });
  }
  if (n <= 1) {
    return total;
  }
  wg.wait();
  return total;
}

void atomic_flag() {
  std::atomic<bool> done{false};
  gordian::go([&] { done = true; });
  while (!done) {
    gordian::yield();
  }
}

void condition_variable() {
  std::mutex mu;
  std::condition_variable changed;
  bool done = false;
  std::thread([&] {
    std::scoped_lock guard(mu);
    done = true;
    changed.notify_one();
  }).detach();
  std::unique_lock lock(mu);
  changed.wait(lock, [&] { return done; });
}

void latch() {
  std::latch done(1);
  gordian::go([&] { done.count_down(); });
  done.wait();
}

int future() {
  std::promise<int> promise;
  auto result = promise.get_future();
  gordian::go([&] { promise.set_value(1); });
  return result.get();
}

// Somebody else waits; how is not seen here.
void waits_elsewhere() {
  int total = 0;
  gordian::go([&] { total = 1; });
  finish_all();
}

void wait_for(gordian::WaitGroup& wg) { wg.wait(); }

int waits_in_a_helper() {
  gordian::WaitGroup wg;
  int total = 0;
  wg.go([&] { total = 1; });
  wait_for(wg);
  return total;
}

class Server {
 public:
  void run() {
    int handled = 0;
    group_.go([&] { ++handled; });
    stop();
  }

 private:
  void stop() { group_.wait(); }
  gordian::WaitGroup group_;
};

int global = 0;
void not_local(int& reference) {
  static int kept = 0;
  gordian::go([&] { kept = global + reference; });
}

void by_value() {
  int n = 1;
  auto shared = std::make_shared<int>(0);
  gordian::go([n, shared] { *shared = n; });
  gordian::go([=] { *shared = n; });
  gordian::go([](int copy) { return copy; }, n);
}

[[noreturn]] void serve() {
  int connections = 0;
  gordian::go([&] { ++connections; });
  for (;;) {
    gordian::yield();
  }
}

// Ends with the program.
int main() {
  int total = 0;
  gordian::go([&] { ++total; });
  Server().run();
}
