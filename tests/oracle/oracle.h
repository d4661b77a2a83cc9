// SPDX-License-Identifier: Apache-2.0
// The slow, obvious answer to "which accesses race": every operation is a node of a graph, every rule of the memory
// model is an edge written down from its definition, "happens before" is reachability, and all pairs of accesses are
// compared byte by byte. Shares nothing with the analyzer.
#pragma once

#include <bitset>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "runtime/trace/decode.h"
#include "runtime/trace/site_table.h"

namespace gordian::oracle {

inline constexpr std::uint64_t kMemory = 0x10000;  // where the programs' memory lies
inline constexpr std::size_t kMemoryBytes = 7232;
inline constexpr std::size_t kLargeBlock = 1024;  // bytes: from here on the end of a block is told by what was touched
using Bytes = std::bitset<kMemoryBytes>;

struct SourcePlace {
  std::uint32_t function = 0;
  std::uint32_t site = 0;
  trace::AccessKind kind = trace::AccessKind::read;
  bool ends_life = false;  // a call that gives memory back
  auto operator<=>(const SourcePlace&) const = default;
};

// For each unordered pair of source places: the bytes on which it raced.
using Races = std::map<std::pair<SourcePlace, SourcePlace>, Bytes>;
void add_race(Races& races, SourcePlace a, SourcePlace b, const Bytes& bytes);

// Where in the trace an operation stands: which event of its stream, or which plain access.
struct Written {
  std::uint32_t stream = 0;
  bool is_access = false;
  std::uint64_t number = 0;
  auto operator<=>(const Written&) const = default;
};

// One operation, in an order in which the program may have executed them. `actor` performed it, also if another one
// wrote it down.
struct Operation {
  std::uint64_t actor = 0;
  trace::AnyEvent event;      // std::monostate: a plain access. Lists and texts are not looked at.
  SourcePlace place{};        // accesses, atomics, a Free that ends a life
  Bytes bytes{};              // accesses, atomics; memory that an Alloc or Free is about
  Bytes ends{};               // of a Free: whose life ends, as by a write
  std::uint64_t awaited = 0;  // by a Block: the first of its objects
  Written written{};
};

// The same operations in another order of execution.
std::vector<Operation> in_order(const std::vector<Operation>& program, const std::vector<Written>& order);

// `certain` is in `all`. The rest of it are races of the end of a large block with a later access to a byte that nobody
// had touched: a detector may leave them out.
struct ExpectedRaces {
  Races all;
  Races certain;
};
ExpectedRaces races_of(const std::vector<Operation>& program);
bool fits(const ExpectedRaces& expected, const Races& found);

// Objects of which two calls that a rule wants in one order are in none: a send and the close of a channel, an add()
// from zero and a wait() of a WaitGroup. Nothing orders them that would in every run: neither happens-before nor what a
// read of an atomic tells, whatever its memory order.
std::set<std::uint64_t> unordered_calls_of(const std::vector<Operation>& program);

}  // namespace gordian::oracle
