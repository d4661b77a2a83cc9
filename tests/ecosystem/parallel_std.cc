// SPDX-License-Identifier: Apache-2.0
// What the standard library runs in parallel: std::async, and the algorithms with std::execution::par (which run on
// oneTBB's threads).
// RACE: the parallel loop counts in a plain variable.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <execution>
#include <functional>
#include <future>
#include <numeric>
#include <string>
#include <thread>
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

long sum_of(const std::vector<int>& numbers) {
  const auto middle = numbers.begin() + static_cast<long>(numbers.size() / 2);
  auto left = std::async(std::launch::async, [&] { return std::accumulate(numbers.begin(), middle, 0L); });
  auto right = std::async(std::launch::deferred, [&] { return std::accumulate(middle, numbers.end(), 0L); });
  return left.get() + right.get();
}

std::string relay() {
  std::promise<std::string> first;
  std::shared_future<std::string> text = first.get_future().share();
  auto one = std::async(std::launch::async, [text] { return text.get() + " one"; });
  auto two = std::async(std::launch::async, [text] { return text.get() + " two"; });
  first.set_value("hello");
  return one.get() + two.get();
}

long count_odd(const std::vector<int>& numbers) {
#ifdef RACE
  long odd = 0;
#else
  std::atomic<long> odd{0};
#endif
  std::for_each(std::execution::par, numbers.begin(), numbers.end(), [&](int number) {
    if (number % 2 != 0) {
#ifdef RACE
      meeting.arrive();
#endif
      odd += 1;  // seeded
    }
  });
  return odd;
}

}  // namespace

int main() {
  std::vector<int> numbers(4000);
  std::iota(numbers.begin(), numbers.end(), 1);
  std::transform(std::execution::par, numbers.begin(), numbers.end(), numbers.begin(),
                 [](int number) { return number * 37 % 4001; });
  std::sort(std::execution::par, numbers.begin(), numbers.end());
  const long total = std::reduce(std::execution::par, numbers.begin(), numbers.end(), 0L, std::plus<>{});
  const long odd = count_odd(numbers);
  std::printf("%ld %ld %s\n", total, sum_of(numbers), relay().c_str());
  return odd > 0 ? 0 : 1;
}
