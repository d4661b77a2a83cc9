// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/find_accesses.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

// By an element of the row that begins there.
bool touches_row(const Access& access, std::uint64_t first, std::uint64_t address) {
  const std::uint64_t step = access.step();
  const std::uint64_t element = step == 0 ? 0 : std::min((address - first) / step, access.count - 1);
  return address - first - element * step < access.size;
}

// The rows that begin before it, from the last one on, as long as they reach so far.
bool touches(const Access& access, std::uint64_t address) {
  constexpr std::uint64_t kMostRows = 1u << 16;  // that lie in one another
  const std::uint64_t first = access.lowest();
  if (address < first) {
    return false;
  }
  const auto row_step = static_cast<std::uint64_t>(access.row_stride);
  const std::uint64_t last = row_step == 0 ? 0 : std::min((address - first) / row_step, access.rows - 1);
  for (std::uint64_t i = 0; i <= std::min(last, kMostRows); ++i) {
    const std::uint64_t row = first + (last - i) * row_step;
    if (address - row >= access.reach() + access.size) {
      return false;
    }
    if (touches_row(access, row, address)) {
      return true;
    }
  }
  return false;
}

trace::AccessKind kind_of(const trace::Atomic& event) {
  const bool reads_only = static_cast<trace::AtomicOp>(event.op) == trace::AtomicOp::load;
  return reads_only ? trace::AccessKind::atomic_read : trace::AccessKind::atomic_write;
}

}  // namespace

std::size_t AccessFinder::want(const Wanted& wanted) {
  numbers_[key(wanted.place)].push_back(wanted_.size());
  acts_.try_emplace(wanted.actor, 0);
  wanted_.push_back(wanted);
  found_.emplace_back();
  return wanted_.size() - 1;
}

void AccessFinder::step(const Step& step) {
  ++steps_;
  const auto acts = acts_.find(step.actor);
  if (acts == acts_.end()) {
    return;
  }
  const bool is_act = deeds_.of(step).has_value();
  if (const auto* atomic = trace::event_as<trace::Atomic>(&step.event)) {
    look_at({.stream = step.stream,
             .actor = step.actor,
             .place = step.place,
             .kind = kind_of(*atomic),
             .address = atomic->address,
             .size = atomic->size},
            {.is_act = is_act});
  } else if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    look_at({.stream = step.stream,
             .actor = step.actor,
             .place = step.place,
             .kind = trace::AccessKind::write,
             .address = free->address,
             .size = free->size},
            {.ends_life = true});
  }
  acts->second += is_act ? 1 : 0;
}

void AccessFinder::look_at(const Access& access, Nature nature) {
  const std::vector<std::size_t>* numbers = numbers_.find(key(access.place));
  if (numbers == nullptr) {
    return;
  }
  for (const std::size_t number : *numbers) {
    const Wanted& wanted = wanted_[number];
    Found& found = found_[number];
    const bool in_time = wanted.is_later ? steps_ == wanted.step && !found.found : steps_ < wanted.step;
    const bool is_kind = wanted.kind == access.kind && wanted.ends_life == nature.ends_life;
    if (in_time && is_kind && wanted.actor == access.actor && touches(access, wanted.address)) {
      found = {acts_[access.actor], nature.is_act, true};
    }
  }
}

}  // namespace gordian::analysis
