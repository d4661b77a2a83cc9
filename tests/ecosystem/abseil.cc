// SPDX-License-Identifier: Apache-2.0
// Abseil's own synchronisation: mutexes with conditions, notifications, counters, call_once. The library is Debian's,
// built without any instrumentation.
// RACE: the workers count themselves without a lock.
#include <absl/base/call_once.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <cstdio>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(4);  // nothing orders what comes behind it
#endif

class Mailbox {
 public:
  void put(int letter) {
    const absl::MutexLock lock(&mu_);
    letters_.push_back(letter);
  }
  int take() {
    const absl::MutexLock lock(&mu_, absl::Condition(this, &Mailbox::has_letter));
    const int letter = letters_.front();
    letters_.pop_front();
    return letter;
  }

 private:
  bool has_letter() const { return !letters_.empty(); }

  absl::Mutex mu_;
  std::deque<int> letters_;
};

class Registry {
 public:
  void set(const std::string& name, int value) {
    const absl::WriterMutexLock lock(&mu_);
    values_[name] = value;
    ++version_;
  }
  int get(const std::string& name) {
    const absl::ReaderMutexLock lock(&mu_);
    const auto found = values_.find(name);
    return found == values_.end() ? 0 : found->second;
  }
  int version() {
    const absl::ReaderMutexLock lock(&mu_);
    return version_;
  }

 private:
  absl::Mutex mu_;
  absl::flat_hash_map<std::string, int> values_;
  int version_ = 0;
};

absl::once_flag once;
int settings = 0;
[[maybe_unused]] int finished = 0;

void work(int number, Mailbox& mailbox, Registry& registry, absl::Notification& start, absl::BlockingCounter& done) {
  start.WaitForNotification();
  absl::call_once(once, [] { settings += 6; });
  registry.set("worker" + std::to_string(number), settings);
#ifdef RACE
  meeting.arrive();
  finished += 1;  // seeded
#endif
  mailbox.put(number);
  done.DecrementCount();
}

}  // namespace

int main() {
  constexpr int kWorkers = 4;
  Mailbox mailbox;
  Registry registry;
  absl::Notification start;
  absl::BlockingCounter done(kWorkers);
  std::vector<std::thread> workers;
  for (int number = 0; number < kWorkers; ++number) {
    workers.emplace_back([&, number] { work(number, mailbox, registry, start, done); });
  }
  settings = 1;
  start.Notify();
  int sum = 0;
  for (int count = 0; count < kWorkers; ++count) {
    sum += mailbox.take();
  }
  const int seen = registry.version();
  done.Wait();
  for (auto& worker : workers) {
    worker.join();
  }
  std::printf("%d %d %d\n", sum, registry.get("worker2"), registry.version());
  return seen >= 0 ? 0 : 1;
}
