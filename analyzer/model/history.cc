// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/history.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace gordian::analysis {
namespace {

// The same access of another byte.
bool can_join(const Mark& past, const Mark& mark) {
  return past.epoch == mark.epoch && past.stack == mark.stack && past.lockset == mark.lockset;
}

}  // namespace

History::Likes History::likes(const Mark& mark) {
  Likes likes;
  for (const Mark& past : searched()) {
    if (past.is_like(mark)) {
      if (past.epoch == mark.epoch && (mark.bytes() & ~past.bytes()) == 0) {
        return {true, true};
      }
      likes.has_place |= can_join(past, mark) || (past.epoch != mark.epoch && (past.bytes() & ~mark.bytes()) == 0);
    }
  }
  return likes;
}

// The access stands for earlier ones of its like, as far as it touches the same bytes.
void History::put(const Mark& mark) {
  Mark joined = mark;
  const std::span<Mark> some = searched();
  Mark* place = nullptr;
  for (Mark& past : some) {
    if (past.is_like(mark)) {
      if (can_join(past, mark)) {
        joined.set_bytes(joined.bytes() | past.bytes());
        past.set_bytes(0);
      } else if (past.epoch != mark.epoch) {
        past.set_bytes(past.bytes() & static_cast<std::uint8_t>(~mark.bytes()));
      }
      place = past.bytes() == 0 ? &past : place;
    }
  }
  if (place == nullptr) {
    push_back(mark);
    return;
  }
  *place = joined;
  const auto gone = std::ranges::remove_if(some, [](const Mark& past) { return past.bytes() == 0; });
  size -= static_cast<std::uint32_t>(gone.size());
}

// A history longer than what is searched may hold an access twice: where it is full, keeps the latest of each, in the
// order in which they came. Which is the latest the times say, not the places in the list.
bool History::make_room() {
  if (!is_full()) {
    return true;
  }
  if (size <= kShort) {
    return false;
  }
  const std::span<Mark> list = past();
  std::vector<std::uint32_t> order(list.size());
  std::iota(order.begin(), order.end(), 0);
  const auto who = [&](std::uint32_t i) { return std::tuple(list[i].key, list[i].epoch.slot); };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(who(a), list[b].epoch.time, b) < std::tuple(who(b), list[a].epoch.time, a);  // latest first
  });
  order.erase(
      std::unique(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return who(a) == who(b); }),
      order.end());
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    list[i] = list[order[i]];  // order[i] is never before i
  }
  size = static_cast<std::uint32_t>(order.size());
  return size < capacity() / 2;
}

}  // namespace gordian::analysis
