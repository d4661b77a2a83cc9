// SPDX-License-Identifier: Apache-2.0
// Words of access chunks as an irregular program leaves them, when accesses that repeat others are left out: calls and
// returns, fields of objects at random, short runs and strided ones, ranges, markers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "runtime/trace/access_word.h"

namespace gordian::test {

class AccessWords {
 public:
  explicit AccessWords(std::uint64_t seed) : random_(seed) {}

  // So many, cut anywhere.
  std::vector<std::uint64_t> make(std::size_t count) {
    words_.clear();
    put({trace::stack_word(trace::kPopAll, 1), kMain});
    depth_ = 1;
    while (words_.size() < count) {
      step();
    }
    words_.resize(count);
    return words_;
  }

 private:
  static constexpr std::uint64_t kMain = 1;
  static constexpr std::uint64_t kHeap = 0x55d3'e8e0'0000;
  static constexpr std::uint64_t kStack = 0x7ffc'94b5'7000;

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  void put(std::initializer_list<std::uint64_t> words) { words_.insert(words_.end(), words); }

  void step() {
    switch (below(8)) {
      case 0:
        return put({trace::control_word(trace::ControlType::marker, marker_ += 1 + below(3))});
      case 1:
        return call();
      case 2:
        return put(
            {trace::control_word(trace::ControlType::range, 40 + below(2)), kHeap + below(4096) * 8, 1 + below(9)});
      case 3:
        if (below(3) == 0) {
          return put({trace::bitmap_word(34 + below(2), below(2) != 0 ? 3 : 2, 2), kHeap + below(64) * 0x400,
                      below(2) != 0 ? ~std::uint64_t{0} : random_(), below(1 << 20)});
        }
        return below(2) != 0 ? put({trace::control_word(trace::ControlType::strided, 30 + below(3)),
                                    kHeap + (next_ += 0x40), 8, 16})
                             : put({trace::control_word(trace::ControlType::matrix, 33), kHeap + (next_ += 0x40), 8, 16,
                                    8, 4096});
      case 4:
        return put(
            {trace::access_word(20, kStack + depth_ * 0x60), trace::access_word(21, kStack + depth_ * 0x60 + 8)});
      default:
        return object();
    }
  }

  void call() {
    const std::uint64_t pop = below(std::min<std::uint64_t>(depth_, 4));
    const std::uint64_t push = below(3);
    put({trace::stack_word(pop, push)});
    for (std::uint64_t i = 0; i < push; ++i) {
      put({(1 + below(8)) << 32 | (2 + below(3))});
    }
    depth_ += push - pop;
  }

  void object() {
    const std::uint64_t at = kHeap + below(1024) * 0x90;
    const std::uint64_t fields = 1 + below(5);
    for (std::uint64_t field = 0; field < fields; ++field) {
      put({trace::access_word(2 + field, at + field * 8)});
    }
  }

  std::mt19937_64 random_;
  std::vector<std::uint64_t> words_;
  std::uint64_t marker_ = 0;
  std::uint64_t depth_ = 1;
  std::uint64_t next_ = 0;
};

}  // namespace gordian::test
