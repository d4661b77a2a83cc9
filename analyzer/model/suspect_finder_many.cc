// SPDX-License-Identifier: Apache-2.0
// Granules with more marks than have a place in their cells: read by many, with nothing between those that orders them.
#include <algorithm>
#include <tuple>

#include "analyzer/model/suspect_finder.h"

namespace gordian::analysis {

using trace::AccessKind;

void SuspectFinder::make_many(Marks& marks, Mark more) {
  if (!pay(sizeof(Many) + 8 * sizeof(Mark))) {
    return;
  }
  Many many;
  const auto put = [&](Mark mark) { (writes(kind_of(mark)) ? many.writes : many.reads).push_back(mark); };
  std::ranges::for_each(marks.of, put);
  put(more);
  if (free_many_.empty()) {
    many_.push_back(std::move(many));
    free_many_.push_back(static_cast<std::uint32_t>(many_.size()));
  } else {
    many_[free_many_.back() - 1] = std::move(many);
  }
  marks = {{kMany, free_many_.back()}};
  free_many_.pop_back();
}

// The granule gets its own.
void SuspectFinder::copy_many(Marks& marks) {
  many_.push_back(Many(many_[marks.of[1] - 1]));
  budget_ -= std::min(budget_, (many_.back().reads.size() + many_.back().writes.size()) * sizeof(Mark) + sizeof(Many));
  marks.of[1] = static_cast<std::uint32_t>(many_.size());
}

void SuspectFinder::drop(Marks& marks) {
  if (marks.are_many()) {
    many_[marks.of[1] - 1] = {};
    free_many_.push_back(marks.of[1]);
  }
  marks = {};
}

std::optional<bool> SuspectFinder::meet(std::vector<Mark>& marks, const Now& now) const {
  const AccessKind kind = kind_of(now.mark);
  bool is_suspect = false;
  for (const Mark past : marks) {
    if (past >> 2 == now.moment && stands_for(kind_of(past), kind)) {
      return std::nullopt;
    }
    is_suspect |= !is_known(past, now) && conflict(kind_of(past), kind);
  }
  std::erase_if(marks, [&](Mark past) { return is_known(past, now) && stands_for(kind, kind_of(past)); });
  return is_suspect;
}

// A read meets the writes, of which there are few, not all the other reads.
bool SuspectFinder::touch_many(Marks& marks, const Now& now) {
  constexpr std::size_t kSearched = 8;
  Many& many = many_[marks.of[1] - 1];
  const std::optional<bool> met = meet(many.writes, now);
  if (!met) {
    return false;
  }
  bool is_suspect = *met;
  const bool is_write = writes(kind_of(now.mark));
  if (is_write) {
    const std::optional<bool> met_reads = meet(many.reads, now);
    is_suspect |= met_reads.value_or(false);
  } else {
    const auto latest = std::span(many.reads).last(std::min(kSearched, many.reads.size()));
    if (std::ranges::find(latest, now.mark) != latest.end()) {
      return is_suspect;
    }
  }
  std::vector<Mark>& kin = is_write ? many.writes : many.reads;
  if (kin.size() == kin.capacity()) {
    tidy(kin);
    if (kin.size() > kin.capacity() / 2 && !pay(kin.capacity() * sizeof(Mark))) {
      return is_suspect;
    }
  }
  kin.push_back(now.mark);
  if (many.writes.size() + many.reads.size() <= marks.of.size()) {
    Marks few;
    std::ranges::copy(many.reads, std::ranges::copy(many.writes, few.of.begin()).out);
    drop(marks);
    marks = few;
  }
  return is_suspect;
}

// Of an actor's marks of one kind the latest is enough.
void SuspectFinder::tidy(std::vector<Mark>& marks) const {
  const auto who = [&](Mark mark) {
    const Epoch epoch = epoch_of(mark);
    return std::tuple(epoch.slot, kind_of(mark), ~epoch.time);
  };
  std::ranges::sort(marks, {}, who);
  const auto is_earlier_one = [&](Mark one, Mark other) {
    return epoch_of(one).slot == epoch_of(other).slot && kind_of(one) == kind_of(other);
  };
  const auto rest = std::ranges::unique(marks, is_earlier_one);
  marks.erase(rest.begin(), rest.end());
}

}  // namespace gordian::analysis
