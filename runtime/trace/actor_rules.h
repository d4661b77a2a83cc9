// SPDX-License-Identifier: Apache-2.0
// The rules of runs: each actor is created once, runs in order, and goes on only after somebody made it ready.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "runtime/trace/object_rules.h"

namespace gordian::trace {

class ActorRules {
 public:
  // Who runs on a stream, and in which of its runs; 0 = nobody.
  struct Running {
    std::uint64_t actor = 0;
    std::uint64_t run = 0;
  };
  // Moves `running` on.
  void note(const AnyEvent& event, std::uint64_t offset, Running& running);
  void finish(const Report& report) const;

 private:
  struct Run {
    std::vector<std::uint64_t> begins;  // offsets
    std::vector<std::uint64_t> wakes;
    std::uint64_t completed = 0;  // offset of the first event on behalf of this run
    bool blocks = false;
    bool yields = false;
  };
  struct Actor {
    std::vector<std::uint64_t> creations;  // offsets
    bool starts_thread = false;
    std::map<std::uint64_t, Run> runs;
  };
  struct Note;

  std::map<std::uint64_t, Actor> actors_;
};

}  // namespace gordian::trace
