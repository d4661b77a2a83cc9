// SPDX-License-Identifier: Apache-2.0
// Where the sequences begin in the trace of a fork's child: an object that the parent had used, and every stripe of
// memory, go on from the ticket that they had at the fork. That is the lowest one in the trace, whoever wrote it: so
// the whole trace is looked through once before it is merged. Other traces begin at 1.
#pragma once

#include <cstdint>
#include <map>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

// The lowest tickets; kNone: none is in the trace, what was before the fork is all there is.
struct InheritedObject {
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  bool was_used = false;  // by the parent; else its sequences begin at 1 like any other's
  std::uint64_t operations = kNone;
  std::uint64_t sends = kNone;
  std::uint64_t receives = kNone;
  bool is_closed = false;  // here; else a receive that says closed means a close before the fork
};

struct Inheritance {
  std::map<std::uint64_t, InheritedObject> objects;
  std::map<std::uint64_t, std::uint64_t> memory;  // lowest ticket of each stripe
  std::map<std::uint64_t, std::uint64_t> atomics;
};

// Empty for a trace that is no fork's child.
Result<Inheritance> inheritance_of(const trace::TraceFile& file);

}  // namespace gordian::analysis
