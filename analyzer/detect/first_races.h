// SPDX-License-Identifier: Apache-2.0
// Which races may only exist because of another one. A value that a race let an actor read decides what it does next:
// two workers that drew the same ticket from a plain counter then write to one place. Mend the counter, and the second
// race is gone. Adve, Hill, Miller and Netzer (1991) call those that nothing precedes the first partitions: only they
// say where to begin.
//
// A race affects another if an actor that read its location comes, along happens-before, before one side of the other;
// what is affected affects in turn, and races that affect each other stand side by side. A write alone decides nothing
// for who wrote.
//
// It needs the trace a second time: the access history keeps what an actor did last at a place, not when.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/detect/clocks.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/step.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

class FirstRaces : public Observer {
 public:
  // The first access of a race's side to [low, high) while its actor was `age` releases old.
  struct Moment {
    ActorId actor{};
    FunctionId function{};
    std::uint32_t site = 0;
    trace::AccessKind kind = trace::AccessKind::read;
    bool ends_life = false;
    Time age = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };

  explicit FirstRaces(const StackTable& stacks) : stacks_(stacks) {}

  // Before the trace is shown. Races on one variable are one and have a number, from 0: all pairs of accesses that were
  // seen, and the reads from which on each actor may have gone astray.
  std::size_t add();
  void add_pair(std::size_t race, const std::array<Moment, 2>& pair);
  void add_read(std::size_t race, const Moment& read);
  [[nodiscard]] std::size_t size() const { return races_.size(); }

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { look_at(access, false); }

  // After it was shown, of each race: the first ones, ascending, without which it might not be; none for a first one.
  [[nodiscard]] std::vector<std::vector<std::size_t>> causes() const;

 private:
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  struct Wanted {
    Moment moment;
    std::uint32_t race = 0;
    bool is_read = false;  // else a side of a pair
    bool found = false;
    Epoch epoch;                       // of a read
    std::vector<std::uint32_t> after;  // of a side: the races that affect it
  };
  struct Race {
    std::vector<std::array<std::size_t, 2>> pairs;  // into wanted_
    std::vector<std::size_t> reads;
  };

  std::size_t want(std::size_t race, const Moment& moment, bool is_read);
  void look_at(const Access& access, bool ends_life);
  void found(Wanted& wanted, const ActorClock& actor);
  [[nodiscard]] std::vector<std::uint32_t> affecting(const Race& race) const;

  const StackTable& stacks_;
  Clocks clocks_;
  std::vector<Wanted> wanted_;
  std::vector<Race> races_;
  FlatMap<std::uint64_t, std::vector<std::size_t>> at_;  // into wanted_, by function and site
  std::vector<std::size_t> found_reads_;                 // into wanted_, in the order in which they were seen
};

}  // namespace gordian::analysis
