// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/first_races.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

std::uint64_t key(FunctionId function, std::uint32_t site) { return std::uint64_t{function.value} << 32 | site; }

// Of a strided access the whole stretch counts: a cause that is named in vain is a hint in vain, no more.
bool touches(const Access& access, std::uint64_t low, std::uint64_t high) {
  const std::uint64_t first = access.lowest();
  const std::uint64_t rows = static_cast<std::uint64_t>(access.row_stride) * (access.rows - 1);
  return first < high && low < first + rows + access.reach() + access.size;
}

}  // namespace

std::size_t FirstRaces::add() {
  races_.emplace_back();
  return races_.size() - 1;
}

void FirstRaces::add_pair(std::size_t race, const std::array<Moment, 2>& pair) {
  races_[race].pairs.push_back({want(race, pair[0], false), want(race, pair[1], false)});
}

void FirstRaces::add_read(std::size_t race, const Moment& read) {
  races_[race].reads.push_back(want(race, read, true));
}

std::size_t FirstRaces::want(std::size_t race, const Moment& moment, bool is_read) {
  at_[key(moment.function, moment.site)].push_back(wanted_.size());
  Wanted& wanted = wanted_.emplace_back();
  wanted.moment = moment;
  wanted.race = static_cast<std::uint32_t>(race);
  wanted.is_read = is_read;
  return wanted_.size() - 1;
}

void FirstRaces::step(const Step& step) {
  if (const auto* atomic = trace::event_as<trace::Atomic>(&step.event)) {
    if (!step.actor) {
      return;
    }
    clocks_.acquire_atomic(step, *atomic);
    const bool reads_only = static_cast<trace::AtomicOp>(atomic->op) == trace::AtomicOp::load;
    look_at({.actor = step.actor,
             .place = step.place,
             .kind = reads_only ? trace::AccessKind::atomic_read : trace::AccessKind::atomic_write,
             .address = atomic->address,
             .size = atomic->size},
            false);
    clocks_.release_atomic(step, *atomic);
    return;
  }
  if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    look_at({.actor = step.actor,
             .place = step.place,
             .kind = trace::AccessKind::write,
             .address = free->address,
             .size = free->size},
            true);
  }
  clocks_.follow(step);
}

void FirstRaces::look_at(const Access& access, bool ends_life) {
  const FunctionId function = stacks_.node(access.place.stack).function;
  const std::vector<std::size_t>* numbers = at_.find(key(function, access.place.site));
  if (numbers == nullptr || !access.actor) {
    return;
  }
  ActorClock& actor = clocks_.actor(access.actor);
  actor.last_used = actor.now();  // its slot goes to nobody who does not know this moment
  for (const std::size_t number : *numbers) {
    Wanted& wanted = wanted_[number];
    const Moment& moment = wanted.moment;
    if (!wanted.found && moment.actor == access.actor && moment.age == actor.age() && moment.kind == access.kind &&
        moment.ends_life == ends_life && touches(access, moment.low, moment.high)) {
      found(wanted, actor);
      if (wanted.is_read) {
        found_reads_.push_back(number);
      }
    }
  }
}

// Whatever comes before a moment along happens-before was shown before it.
void FirstRaces::found(Wanted& wanted, const ActorClock& actor) {
  wanted.found = true;
  wanted.epoch = {actor.slot, actor.now()};
  if (wanted.is_read) {
    return;
  }
  for (const std::size_t number : found_reads_) {
    const Wanted& read = wanted_[number];
    if (read.race != wanted.race && actor.clock.knows(read.epoch)) {
      wanted.after.push_back(read.race);
    }
  }
}

// A race with a pair that nothing affects needs no other race.
std::vector<std::uint32_t> FirstRaces::affecting(const Race& race) const {
  std::vector<std::uint32_t> all;
  for (const auto& [one, other] : race.pairs) {
    const std::vector<std::uint32_t>& first = wanted_[one].after;
    const std::vector<std::uint32_t>& second = wanted_[other].after;
    if (first.empty() && second.empty()) {
      return {};
    }
    all.insert(all.end(), first.begin(), first.end());
    all.insert(all.end(), second.begin(), second.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<std::vector<std::size_t>> FirstRaces::causes() const {
  const std::size_t count = races_.size();
  std::vector<std::vector<std::uint32_t>> direct(count);
  for (std::size_t i = 0; i < count; ++i) {
    direct[i] = affecting(races_[i]);
  }
  // Everything that leads to a race: depth-first, backwards.
  std::vector<std::vector<bool>> leads(count, std::vector<bool>(count));
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::uint32_t> open = direct[i];
    while (!open.empty()) {
      const std::uint32_t next = open.back();
      open.pop_back();
      if (!leads[i][next]) {
        leads[i][next] = true;
        open.insert(open.end(), direct[next].begin(), direct[next].end());
      }
    }
  }
  const auto precedes = [&](std::size_t a, std::size_t b) { return leads[b][a] && !leads[a][b]; };
  const auto is_first = [&](std::size_t race) {
    for (std::size_t i = 0; i < count; ++i) {
      if (precedes(i, race)) {
        return false;
      }
    }
    return true;
  };
  std::vector<std::vector<std::size_t>> causes(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_first(i)) {
      continue;
    }
    for (std::size_t race = 0; race < count; ++race) {
      if (precedes(i, race)) {
        causes[race].push_back(i);
      }
    }
  }
  return causes;
}

}  // namespace gordian::analysis
