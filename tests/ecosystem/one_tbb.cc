// SPDX-License-Identifier: Apache-2.0
// oneTBB as an ordinary user has it: loops, a reduction, a pipeline's worth of tasks and a concurrent map.
// RACE: the loop counts its even numbers in a plain variable.
#include <tbb/concurrent_hash_map.h>
#include <tbb/concurrent_queue.h>
#include <tbb/concurrent_vector.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_sort.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#ifdef RACE
#include <tbb/global_control.h>

#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(2);                                                        // nothing orders what comes behind it
const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);  // on one processor as well
#endif

using Words = tbb::concurrent_hash_map<std::string, int>;

long count_even(const std::vector<int>& numbers) {
#ifdef RACE
  long even = 0;
#else
  std::atomic<long> even{0};
#endif
  tbb::parallel_for(std::size_t{0}, numbers.size(), [&](std::size_t index) {
    if (numbers[index] % 2 == 0) {
#ifdef RACE
      meeting.arrive();
#endif
      even += 1;  // seeded
    }
  });
  return even;
}

int fibonacci(int n) {
  if (n < 6) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
  }
  int left = 0;
  int right = 0;
  tbb::task_group group;
  group.run([&] { left = fibonacci(n - 1); });
  group.run([&] { right = fibonacci(n - 2); });
  group.wait();
  return left + right;
}

int count_words() {
  const std::vector<std::string> text{"one", "two", "one", "three", "two", "one"};
  Words words;
  tbb::parallel_for(0, 60, [&](int index) {
    Words::accessor entry;
    words.insert(entry, text[static_cast<std::size_t>(index) % text.size()]);
    ++entry->second;
  });
  Words::const_accessor found;
  return words.find(found, "one") ? found->second : 0;
}

}  // namespace

int main() {
  std::vector<int> numbers(2000);
  tbb::parallel_for(std::size_t{0}, numbers.size(),
                    [&](std::size_t index) { numbers[index] = static_cast<int>(index * 7919 % 2003); });
  tbb::parallel_sort(numbers.begin(), numbers.end());
  const long sum = tbb::parallel_reduce(
      tbb::blocked_range<std::size_t>(0, numbers.size()), 0L,
      [&](const tbb::blocked_range<std::size_t>& range, long partial) {
        return std::accumulate(numbers.begin() + static_cast<long>(range.begin()),
                               numbers.begin() + static_cast<long>(range.end()), partial);
      },
      std::plus<>{});
  tbb::concurrent_vector<int> squares;
  tbb::parallel_for(0, 50, [&](int number) { squares.push_back(number * number); });
  const bool sorted = std::is_sorted(numbers.begin(), numbers.end());
  const long even = count_even(numbers);
  std::printf("%ld %d %d %d %zu\n", sum, sorted, fibonacci(14), count_words(), squares.size());
  return even > 0 ? 0 : 1;
}
