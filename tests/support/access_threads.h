// SPDX-License-Identifier: Apache-2.0
// What the words of access chunks mean, and random threads that write them: for whatever makes words fewer.
#pragma once

#include <gtest/gtest.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "runtime/trace/access_word.h"
#include "runtime/trace/decode.h"

namespace gordian::test {

using trace::ControlType;
using Words = std::vector<std::uint64_t>;
using StackOfCalls = std::vector<std::uint64_t>;

// What a record says, but for the stack.
struct Said {
  std::uint64_t marker = 0;
  std::uint64_t function = 0;
  std::uint64_t site = 0;
  std::uint64_t address = 0;
  bool is_byte = false;  // of a range
  auto operator<=>(const Said&) const = default;
};
using Meaning = std::map<Said, std::set<StackOfCalls>>;

inline std::vector<Said> parts_of(const trace::AccessRecord& record) {
  std::vector<Said> parts;
  const auto add = [&](std::uint64_t address, std::uint64_t bytes) {
    for (std::uint64_t i = 0; i < bytes; ++i) {
      parts.push_back({0, 0, record.site, address + i, true});
    }
    if (bytes == 0) {
      parts.push_back({0, 0, record.site, address, false});
    }
  };
  if (record.type == trace::AccessRecord::Type::bitmap) {
    for (std::uint64_t i = 0; i < record.bits.size() * 64; ++i) {
      if ((record.bits[i / 64] >> i % 64 & 1) != 0) {
        add(record.address + (i << record.shift), record.is_of_ranges ? std::uint64_t{1} << record.shift : 0);
      }
    }
    return parts;
  }
  for (std::uint64_t i = 0; i < record.count; ++i) {
    add(record.address + i * static_cast<std::uint64_t>(record.stride), record.bytes);
  }
  return parts;
}

// Element by element, and of ranges byte by byte.
inline void add_meaning(const Words& words, Meaning& meaning) {
  trace::AccessReader reader(words, 0);
  StackOfCalls stack;
  std::uint64_t marker = 0;
  for (;;) {
    const Result<trace::AccessRecord> record = reader.next();
    ASSERT_TRUE(record) << record.error().what;
    switch (record->type) {
      case trace::AccessRecord::Type::end:
        return;
      case trace::AccessRecord::Type::marker:
        marker = record->ordinal;
        break;
      case trace::AccessRecord::Type::stack:
        if (record->pop == trace::kPopAll) {
          stack.clear();
        } else {
          ASSERT_LE(record->pop, stack.size());
          stack.resize(stack.size() - record->pop);
        }
        stack.insert(stack.end(), record->push.begin(), record->push.end());
        break;
      default:
        ASSERT_FALSE(stack.empty());
        for (const Said& said : parts_of(*record)) {
          meaning[{marker, stack.back() & 0xffffffff, said.site, said.address, said.is_byte}].insert(stack);
        }
    }
  }
}

// A thread: loops over arrays at one or several sites, scattered accesses, calls, and now and then an operation.
class Thread {
 public:
  explicit Thread(unsigned seed) : random_(seed) {}

  Words chunk(std::size_t size) {
    Words words = {trace::control_word(ControlType::marker, marker_)};
    words.push_back(trace::stack_word(trace::kPopAll, stack_.size()));
    words.insert(words.end(), stack_.begin(), stack_.end());
    more(size, words);
    return words;
  }
  void more(std::size_t size, Words& words) {
    while (words.size() < size) {
      act(words);
    }
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  void act(Words& words) {
    switch (below(10)) {
      case 0:
        marker_ += 1 + below(3);
        words.push_back(trace::control_word(ControlType::marker, marker_));
        break;
      case 1:
      case 2:
        restack(words);
        break;
      case 3:
        words.push_back(trace::control_word(ControlType::strided, below(4)));
        words.insert(words.end(), {address(), 1 + below(5), 8 * below(4)});
        break;
      case 4:
        words.push_back(trace::control_word(ControlType::range, below(4)));
        words.insert(words.end(), {address(), below(30)});
        break;
      case 5:
        words.push_back(trace::control_word(ControlType::wide, 70000 + below(4)));
        words.push_back(address());
        break;
      case 6:
        words.push_back(0);
        break;
      default:
        loop(words);
    }
  }

  void restack(Words& words) {
    const bool is_other_actor = below(4) == 0;
    const std::uint64_t pop = is_other_actor ? stack_.size() : below(stack_.size());
    const std::uint64_t push = (is_other_actor ? 1 : 0) + below(3);
    words.push_back(trace::stack_word(is_other_actor ? trace::kPopAll : pop, push));
    stack_.resize(stack_.size() - pop);
    for (std::uint64_t i = 0; i < push; ++i) {
      stack_.push_back(below(2) << 32 | below(3));
      words.push_back(stack_.back());
    }
  }

  void loop(Words& words) {
    const std::uint64_t sites = 1 + below(3);
    const std::uint64_t stride = (below(5) - 2) * 8;  // wraps around: backwards
    const std::uint64_t first_site = below(8) * 256 % 1025;
    const std::uint64_t start = address();
    for (std::uint64_t i = 0, count = below(12); i < count; ++i) {
      for (std::uint64_t site = 0; site < sites; ++site) {
        const std::uint64_t at = below(10) == 0 ? address() : start + 64 * site + i * stride;
        words.push_back(trace::access_word(first_site + site, at));
      }
    }
  }

  std::uint64_t address() { return 0x10000 + 8 * below(64); }

  std::mt19937_64 random_;
  std::uint64_t marker_ = 1;
  StackOfCalls stack_ = {1};
};

// All of `whole`, and nothing else, with stacks that it had.
inline void expect_same(const Meaning& whole, const Meaning& reduced) {
  ASSERT_EQ(whole.size(), reduced.size());
  for (const auto& [said, stacks] : reduced) {
    const auto found = whole.find(said);
    ASSERT_NE(found, whole.end());
    for (const StackOfCalls& stack : stacks) {
      ASSERT_TRUE(found->second.contains(stack));
    }
  }
}

}  // namespace gordian::test
