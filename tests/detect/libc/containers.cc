// SPDX-License-Identifier: Apache-2.0
// The functions of libstdc++.so that link nodes: one thread searches, walks or reads where another one inserts, erases
// or splices. With a lock there is no race, and readers alone have none.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O0 %s -o %t.plain
// RUN: %gordian_run 66 %t.plain | FileCheck %s
// RUN: %gordian_cxx -O1 -DLOCKED %s -o %t.locked
// RUN: %gordian_run 0 %t.locked | FileCheck %s --check-prefix=CLEAN
// RUN: %gordian_cxx -O1 -DREADERS %s -o %t.readers
// RUN: %gordian_run 0 %t.readers | FileCheck %s --check-prefix=CLEAN
// CLEAN: no findings
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

std::map<int, int> scores;
std::map<int, int> erased;
std::map<int, int> grown;
std::list<int> queue;
std::list<int> spliced;
std::unordered_map<int, int> table;
std::mutex lock;
int sum;
int others_sum;

#ifdef LOCKED
#define GUARD const std::lock_guard guard(lock)
#else
#define GUARD
#endif

template <class First, class Second>
void both(First first, Second second) {
  std::thread one([&] {
    GUARD;
    first();
  });
  std::thread other([&] {
    GUARD;
    second();
  });
  one.join();
  other.join();
}

int walk(const auto& container) {
  int seen = 0;
  for (auto at = container.begin(); at != container.end(); ++at) {
    ++seen;
  }
  return seen;
}

int find_all() {
  int found = 0;
  for (int key = 0; key < 20; ++key) {
    found += static_cast<int>(scores.count(key) + erased.count(key) + table.count(key));
  }
  return found;
}

int main() {
  for (int key = 0; key < 20; key += 2) {
    scores[key] = erased[key] = table[key] = key;
    queue.push_back(key);
    spliced.push_back(key);
  }
  auto last = std::prev(spliced.end());
#ifdef READERS
  const auto read = [](int& total) { total = find_all() + walk(scores) + walk(queue); };
  both([=] { read(sum); }, [=] { read(others_sum); });
#else
  both([] { scores.emplace(7, 7); },                             // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE]]
       [] { sum += static_cast<int>(scores.count(7)); });        // CHECK-DAG: reads at {{.*}}.cc:
  both([] { erased.erase(8); },                                  // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE]]
       [] { sum += walk(erased); });                             // CHECK-DAG: reads at {{.*}}.cc:
  both([] { queue.insert(std::next(queue.begin(), 3), 9); },     // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE]]
       [] { sum += walk(queue); });                              // CHECK-DAG: reads at {{.*}}.cc:
  both([&] { spliced.splice(spliced.begin(), spliced, last); },  // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE]]
       [] { sum += walk(spliced); });  // CHECK-DAG: data race {{.*}}: spliced is {{written and read|read and written}}
  both([] { grown.emplace(1, 1); }, [] { grown.emplace(2, 2); });  // CHECK-DAG: data race {{.*}}: grown is
#endif
  return find_all() > 0 ? 0 : 1;
}
