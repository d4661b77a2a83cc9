// SPDX-License-Identifier: Apache-2.0
// Granules with more marks than have a place in their cells: read by many, with nothing between those that orders them.
#include <algorithm>
#include <tuple>

#include "analyzer/model/suspect_finder.h"

namespace gordian::analysis {

using trace::AccessKind;

std::uint64_t SuspectFinder::cost_of(const Many& many) {
  return sizeof(Many) + (many.writes.capacity() + many.reads.capacity()) * sizeof(Mark);
}

void SuspectFinder::make_many(Marks& marks, Mark more) {
  Many many;
  const auto put = [&](Mark mark) { (writes(kind_of(mark)) ? many.writes : many.reads).push_back(mark); };
  std::ranges::for_each(marks.of, put);
  put(more);
  if (!pay(cost_of(many))) {
    return;
  }
  if (free_many_.empty()) {
    many_.push_back(std::move(many));
    free_many_.push_back(static_cast<std::uint32_t>(many_.size()));
  } else {
    many_[free_many_.back() - 1] = std::move(many);
  }
  marks = {{kMany, free_many_.back()}};
  free_many_.pop_back();
}

// One more, whatever there is.
void SuspectFinder::put(Marks& marks, Mark more) {
  if (marks.are_many()) {
    Many& many = many_[marks.of[1] - 1];
    std::vector<Mark>& kin = writes(kind_of(more)) ? many.writes : many.reads;
    if (kin.size() == kin.capacity()) {
      const std::size_t further = std::max<std::size_t>(kin.capacity(), 1);
      if (!pay(further * sizeof(Mark))) {
        return;
      }
      kin.reserve(kin.capacity() + further);
    }
    kin.push_back(more);
  } else if (const auto free = std::ranges::find(marks.of, 0u); free != marks.of.end()) {
    *free = more;
  } else {
    make_many(marks, more);
  }
}

// The granule gets its own.
void SuspectFinder::copy_many(Marks& marks) {
  Many many = many_[marks.of[1] - 1];
  if (!pay(cost_of(many))) {
    marks = {};
    return;
  }
  many_.push_back(std::move(many));
  marks.of[1] = static_cast<std::uint32_t>(many_.size());
}

void SuspectFinder::drop(Marks& marks) {
  if (marks.are_many()) {
    Many& many = many_[marks.of[1] - 1];
    budget_ += cost_of(many);
    many = {};
    free_many_.push_back(marks.of[1]);
  }
  marks = {};
}

void SuspectFinder::drop_halves(Marks& marks, Halves gone) {
  const auto trim = [&](auto& some) {
    for (Mark& mark : some) {
      mark = halves_of(without(mark, gone)) != 0 ? without(mark, gone) : 0;
    }
  };
  if (!marks.are_many()) {
    trim(marks.of);
    std::ranges::fill(std::ranges::remove(marks.of, 0u), 0u);
    return;
  }
  Many& many = many_[marks.of[1] - 1];
  for (std::vector<Mark>* const some : {&many.writes, &many.reads}) {
    trim(*some);
    std::erase(*some, 0u);
  }
}

std::optional<bool> SuspectFinder::meet(std::vector<Mark>& marks, const Now& now) const {
  bool is_suspect = false;
  for (const Mark past : marks) {
    if (covers(past, now)) {
      return std::nullopt;
    }
    is_suspect |= races_with(past, now);
  }
  std::ranges::transform(marks, marks.begin(), [&](Mark past) { return rest_of(past, now); });
  std::erase(marks, 0u);
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
  const bool is_write = writes(now.kind);
  if (is_write) {
    const std::optional<bool> met_reads = meet(many.reads, now);
    is_suspect |= met_reads.value_or(false);
  } else {
    const auto latest = std::span(many.reads).last(std::min(kSearched, many.reads.size()));
    if (std::ranges::find(latest, now.mark()) != latest.end()) {
      return is_suspect;
    }
  }
  std::vector<Mark>& kin = is_write ? many.writes : many.reads;
  if (kin.size() == kin.capacity()) {
    tidy(kin);
    if (kin.size() > kin.capacity() / 2) {  // else it would soon be tidied again
      if (!pay(kin.capacity() * sizeof(Mark))) {
        return is_suspect;
      }
      kin.reserve(2 * kin.capacity());
    }
  }
  kin.push_back(now.mark());
  if (many.writes.size() + many.reads.size() <= marks.of.size()) {
    Marks few;
    std::ranges::copy(many.reads, std::ranges::copy(many.writes, few.of.begin()).out);
    drop(marks);
    marks = few;
  }
  return is_suspect;
}

// Of an actor's marks of one kind and the same halves the latest is enough.
void SuspectFinder::tidy(std::vector<Mark>& marks) const {
  const auto who = [&](Mark mark) {
    const Epoch epoch = epoch_of(mark);
    return std::tuple(epoch.slot, mark & 0xf, ~epoch.time);
  };
  std::ranges::sort(marks, {}, who);
  const auto is_earlier_one = [&](Mark one, Mark other) {
    return epoch_of(one).slot == epoch_of(other).slot && (one & 0xf) == (other & 0xf);
  };
  const auto rest = std::ranges::unique(marks, is_earlier_one);
  marks.erase(rest.begin(), rest.end());
}

}  // namespace gordian::analysis
