// SPDX-License-Identifier: Apache-2.0
// Says when a program hangs: for the whole of a time limit, none of its processes recorded anything, none of their
// threads was seen running, ready to run or at a disk, and all together, those that are not recorded included, used
// less than a hundredth of one processor. A program that sleeps or waits for its input that long looks the same from
// here, so only who runs it can choose the limit. What hung, and why, is for the analysis to say: the trace holds every
// wait.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace gordian::analysis {

// What a process and all its descendants are doing; a process that cannot be read does nothing.
struct Activity {
  std::uint64_t processor_ns = 0;  // used so far
  bool busy = false;               // a thread runs, is ready to, or waits for a disk
};
Activity activity_of(pid_t root);

class HangWatch {
 public:
  using Clock = std::chrono::steady_clock;
  // limit 0: never.
  HangWatch(pid_t root, std::chrono::milliseconds limit) : root_(root), limit_(limit) {}

  // How long the caller may wait before it asks; -1: for ever.
  [[nodiscard]] int milliseconds_to_next() const;
  // `recorded`: any number that changes when something is recorded.
  bool hangs(std::uint64_t recorded, Clock::time_point now = Clock::now());

 private:
  pid_t root_;
  std::chrono::milliseconds limit_;
  bool started_ = false;
  Clock::time_point since_;
  std::uint64_t recorded_ = 0;
  std::uint64_t used_ns_ = 0;
};

}  // namespace gordian::analysis
