// SPDX-License-Identifier: Apache-2.0
// Radix sort of SIZE 32-bit keys, eight bits at a time: each thread counts the digits of its slice, all meet, each
// finds out from all counts where its keys go, and moves them. Addresses depend on data, locks are absent.
#include <array>
#include <barrier>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr unsigned kDigitBits = 8;
constexpr unsigned kKeyBits = 32;
constexpr std::size_t kDigits = 1 << kDigitBits;

using Keys = std::vector<std::uint32_t>;
using Counts = std::array<std::size_t, kDigits>;

std::size_t digit(std::uint32_t key, unsigned shift) { return key >> shift & (kDigits - 1); }

// Where the first key of each digit of thread `me` goes: behind all smaller digits, and behind the same digit of the
// threads before.
Counts first_places(const std::vector<Counts>& counts, unsigned me) {
  Counts places;
  std::size_t place = 0;
  for (std::size_t digit = 0; digit < kDigits; ++digit) {
    for (unsigned thread = 0; thread < counts.size(); ++thread) {
      if (thread == me) {
        places[digit] = place;
      }
      place += counts[thread][digit];
    }
  }
  return places;
}

void sort(Keys& keys, unsigned threads) {
  Keys other(keys.size());
  std::vector<Counts> counts(threads);
  std::barrier<> barrier(threads);
  kernel::in_parallel(threads, [&](unsigned me) {
    const kernel::Slice mine = kernel::slice(keys.size(), me, threads);
    std::uint32_t* from = keys.data();
    std::uint32_t* to = other.data();
    for (unsigned shift = 0; shift < kKeyBits; shift += kDigitBits) {
      Counts& own = counts[me];
      own.fill(0);
      for (std::size_t i = mine.begin; i < mine.end; ++i) {
        ++own[digit(from[i], shift)];
      }
      barrier.arrive_and_wait();
      Counts places = first_places(counts, me);
      for (std::size_t i = mine.begin; i < mine.end; ++i) {
        to[places[digit(from[i], shift)]++] = from[i];
      }
      barrier.arrive_and_wait();
      std::swap(from, to);
    }
  });
  static_assert(kKeyBits / kDigitBits % 2 == 0, "the last pass ends in `keys`");
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 20);
  kernel::Random random(3);
  Keys keys(size);
  std::uint64_t sum = 0;
  for (std::uint32_t& key : keys) {
    key = static_cast<std::uint32_t>(random.next());
    sum += key;
  }
  sort(keys, threads);
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < size; ++i) {
    kernel::require(i == 0 || keys[i - 1] <= keys[i], "not sorted");
    sum -= keys[i];
    if (i % 1024 == 0) {
      checksum.add(keys[i]);
    }
  }
  kernel::require(sum == 0, "keys were lost");
  checksum.print();
}
