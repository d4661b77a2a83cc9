// SPDX-License-Identifier: Apache-2.0
// Ids are distinct types, never int: mixing a lock with a goroutine does not compile. Zero is "none" everywhere.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace gordian {

template <class Tag, class Rep = std::uint64_t>
struct Id {
  Rep value = 0;

  constexpr Id() = default;
  constexpr explicit Id(Rep raw) : value(raw) {}
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

// Whatever runs: a goroutine or an OS thread. Main is 1. Given in batches per worker, never reused.
using ActorId = Id<struct ActorTag>;
// Whatever is waited for or synchronises: mutex, channel, WaitGroup. Never an address, never reused.
using ObjectId = Id<struct ObjectTag>;
// One OS thread's sequence of chunks; numbered from 1 in the order in which threads registered.
using StreamId = Id<struct StreamTag, std::uint32_t>;
// An instrumented function, process-wide: base of its translation unit + index there; 0 is "unknown".
using FunctionId = Id<struct FunctionTag, std::uint32_t>;

}  // namespace gordian

template <class Tag, class Rep>
struct std::hash<gordian::Id<Tag, Rep>> {
  std::size_t operator()(gordian::Id<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
