// SPDX-License-Identifier: Apache-2.0
// What the kernels share: each is called as KERNEL [SIZE [THREADS]], runs a team of numbered threads, draws the same
// random numbers everywhere, and prints one checksum that depends on its size alone. A kernel that finds its own result
// wrong says so and ends with status 1.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace kernel {

struct Arguments {
  std::size_t size;
  unsigned threads;
};

inline Arguments arguments(int argc, char** argv, std::size_t default_size) {
  Arguments result{default_size, 2};
  if (argc > 1) {
    result.size = std::strtoull(argv[1], nullptr, 10);
  }
  if (argc > 2) {
    result.threads = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  }
  if (result.size == 0 || result.threads == 0) {
    std::fprintf(stderr, "usage: %s [SIZE [THREADS]], both positive\n", argv[0]);
    std::exit(2);
  }
  return result;
}

inline void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "wrong result: %s\n", what);
    std::exit(1);
  }
}

// Calls work(0) ... work(threads - 1), each on a thread of its own; the caller's is number 0.
template <class Work>
void in_parallel(unsigned threads, const Work& work) {
  std::vector<std::thread> team;
  for (unsigned me = 1; me < threads; ++me) {
    team.emplace_back([&work, me] { work(me); });
  }
  work(0);
  for (std::thread& member : team) {
    member.join();
  }
}

// The part of 0 ... count - 1 that is one thread's.
struct Slice {
  std::size_t begin;
  std::size_t end;
};

inline Slice slice(std::size_t count, unsigned me, unsigned threads) {
  return {count * me / threads, count * (me + 1) / threads};
}

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of the value.
constexpr std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed + kStep)) {}
  std::uint64_t next() { return mix(state_ += kStep); }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  double real() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // 0 <= x < 1
  double real(double low, double high) { return low + (high - low) * real(); }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  std::uint64_t state_;
};

class Checksum {
 public:
  void add(std::uint64_t value) { sum_ = mix(sum_ * 31 + value + 1); }
  // Rounded to six decimals: the last bits of sines and exponentials differ between C libraries.
  void add_rounded(double value) { add(static_cast<std::uint64_t>(std::llround(value * 1e6))); }
  void print() const { std::printf("checksum %016" PRIx64 "\n", sum_); }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace kernel
