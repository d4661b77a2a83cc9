// SPDX-License-Identifier: Apache-2.0
// What is remembered of an access.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>

#include "analyzer/model/epoch.h"
#include "analyzer/model/place.h"
#include "runtime/base/ids.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

using LocksetId = Id<struct LocksetTag, std::uint32_t>;

// One side of a race, in 32 bytes; who, where and what come first, and are compared as one.
struct PastAccess {
  std::uint32_t actor = 0;  // the caller's number of the actor
  FunctionId function{};    // innermost, with `site` the identity of the source place
  std::uint32_t site = 0;
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint8_t bytes = 0;  // of the granule, one bit each
  bool ends_life = false;  // no access: the memory is given back here, which no access may be unordered with
  std::uint8_t unused = 0;
  Epoch epoch;
  StackId stack{};
  LocksetId lockset{};
};

constexpr bool writes(trace::AccessKind kind) {
  return kind == trace::AccessKind::write || kind == trace::AccessKind::atomic_write;
}
constexpr bool is_atomic(trace::AccessKind kind) {
  return kind == trace::AccessKind::atomic_read || kind == trace::AccessKind::atomic_write;
}
constexpr bool conflict(trace::AccessKind a, trace::AccessKind b) {
  return (writes(a) || writes(b)) && !(is_atomic(a) && is_atomic(b));
}

// Whatever conflicts with the other conflicts with the one, too.
constexpr bool stands_for(trace::AccessKind one, trace::AccessKind other) {
  using trace::AccessKind;
  return one == other || one == AccessKind::write || other == AccessKind::atomic_read;
}
static_assert(
    [] {
      using trace::AccessKind;
      constexpr std::array kKinds = {AccessKind::read, AccessKind::write, AccessKind::atomic_read,
                                     AccessKind::atomic_write};
      return std::ranges::all_of(kKinds, [&](AccessKind one) {
        return std::ranges::all_of(kKinds, [&](AccessKind other) {
          return stands_for(one, other) == std::ranges::all_of(kKinds, [&](AccessKind third) {
                   return conflict(one, third) || !conflict(other, third);
                 });
        });
      });
    }(),
    "as defined");

}  // namespace gordian::analysis
