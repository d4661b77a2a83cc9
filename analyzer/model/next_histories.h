// SPDX-License-Identifier: Apache-2.0
// What became of a history by an access, so that it need not be found out anew for every granule that the same happens
// to: a table that forgets. A step is remembered only if there was no race in it.
//
// `moment` stands for whose access it is, in which function, and when. A step to the same history holds on whatever
// stack; a step to another history has the stack in it.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "analyzer/model/histories.h"
#include "analyzer/model/mark.h"

namespace gordian::analysis {

class NextHistories {
 public:
  struct Step {
    std::uint64_t what = 0;
    std::uint32_t moment = 0;
    StackId stack{};
    HistoryId next{};
    bool is_shared = false;  // `next` is

    [[nodiscard]] HistoryId from() const { return HistoryId(static_cast<std::uint32_t>(what >> 32)); }
  };

  explicit NextHistories(Histories& histories) : histories_(histories) {}

  // The access in one word; 0: no step of it is remembered.
  static std::uint64_t what(HistoryId from, std::uint64_t key) {
    return std::uint64_t{from.value} << 32 | static_cast<std::uint32_t>(key);
  }
  // Where it is, or would be.
  Step& at(std::uint64_t what, std::uint32_t moment) {
    return steps_[(what + moment * 0x85ebca6b00000001u) * 0x9e3779b97f4a7c15u >> (64 - kBits)];
  }
  void remember(Step& place, const Step& step) {
    forget(place);
    place = step;
    if (step.next != step.from()) {
      histories_.at(step.next).is_remembered = true;
    }
  }
  void forget_all() {
    for (Step& step : steps_) {
      forget(step);
    }
  }

 private:
  static constexpr int kBits = 12;

  void forget(Step& step) {
    if (step.what != 0 && step.next != step.from()) {
      histories_.unremember(step.next);
    }
    step = {};
  }

  Histories& histories_;
  std::array<Step, std::size_t{1} << kBits> steps_;
};

}  // namespace gordian::analysis
