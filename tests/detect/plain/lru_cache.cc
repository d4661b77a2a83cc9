// SPDX-License-Identifier: Apache-2.0
// A cache whose get() looks like reading, and moves the entry to the front of a list: under a shared lock two of them
// race inside the list's nodes, which libstdc++.so links. Under the exclusive lock there is nothing to report.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DSHARED %s -o %t.shared
// RUN: %gordian_run 66 %t.shared | FileCheck %s --check-prefix=SHARED
// CHECK: no findings
// SHARED: data race {{.*}} written by both
// SHARED-DAG: holds {{.*}}cache.mu_ for reading
// SHARED-DAG: readers do not exclude each other
// SHARED-DAG: take the lock for writing
#define STEP_PLAIN
#include <cstdio>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "support/step.h"

class Cache {
 public:
  explicit Cache(std::size_t room) : room_(room) {}

  std::optional<std::string> get(int key) {
#ifdef SHARED
    const std::shared_lock lock(mu_);
#else
    const std::unique_lock lock(mu_);
#endif
    const auto found = index_.find(key);
    if (found == index_.end()) {
      return std::nullopt;
    }
    order_.splice(order_.begin(), order_, found->second);  // SHARED-DAG: writes at {{.*}}.cc:[[#@LINE]]
    return found->second->second;
  }
  void put(int key, std::string value) {
    const std::unique_lock lock(mu_);
    order_.emplace_front(key, std::move(value));
    index_[key] = order_.begin();
    if (index_.size() > room_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
  }
  std::size_t size() const {
    const std::shared_lock lock(mu_);
    return order_.size();
  }

 private:
  using Entries = std::list<std::pair<int, std::string>>;

  const std::size_t room_;
  mutable std::shared_mutex mu_;
  Entries order_;
  std::unordered_map<int, Entries::iterator> index_;
};

Cache cache(16);  // a global: its lock has one name, however much is inlined

int main() {
  for (int key = 0; key < 20; ++key) {
    cache.put(key, "value " + std::to_string(key));
  }
  step::Order order;  // one after the other, or the list is broken at times
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&order, reader] {
      order.at(reader, [reader] {
        for (int step = 0; step < 30; ++step) {
          cache.get((step * 7 + reader) % 16 + 4);
          cache.size();
        }
      });
    });
  }
  for (std::thread& reader : readers) {
    reader.join();
  }
  return cache.size() == 16 ? 0 : 1;
}
