// SPDX-License-Identifier: Apache-2.0
// One step of the merged trace, and who wants to see it. The merge (ingest/merge.h) calls observers in one legal order:
// every ticket, run and creation is respected, so an observer may keep plain state.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/model/page_bits.h"
#include "analyzer/model/place.h"
#include "runtime/base/ids.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

struct Step {
  const trace::AnyEvent& event;
  StreamId stream{};
  std::uint64_t ordinal = 0;  // of the event in its stream
  ActorId actor{};            // who performs it: for an operation completed on behalf of a blocked actor, that actor
  ActorId writer{};           // who runs on the stream
  Place place;                // where `actor` performs it; on behalf: where it blocked
};

struct Access {
  StreamId stream{};
  ActorId actor{};
  Place place;
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint64_t address = 0;
  std::uint64_t size = 0;   // of one element
  std::uint64_t count = 1;  // elements
  std::int64_t stride = 0;  // bytes between them
  // Of so many elements each. Of more than one row all strides are positive, and none is less than that of the
  // elements.
  std::uint64_t rows = 1;
  std::int64_t row_stride = 0;

  [[nodiscard]] std::uint64_t step() const { return static_cast<std::uint64_t>(stride < 0 ? -stride : stride); }
  [[nodiscard]] std::uint64_t reach() const { return step() * (count - 1); }
  // Address of the lowest element of the first row.
  [[nodiscard]] std::uint64_t lowest() const { return address - (stride < 0 ? reach() : 0); }
};

// One access to one element, without what it shares with the others of its run.
struct PlainAccess {
  std::uint64_t address = 0;
  std::uint32_t size = 0;
  std::uint16_t site = 0;
  trace::AccessKind kind = trace::AccessKind::read;
};

// Accesses that follow each other in one function, with nothing between them: most come so.
struct AccessRun {
  StreamId stream{};
  ActorId actor{};
  StackId stack{};
  std::span<const PlainAccess> accesses;

  [[nodiscard]] Access full(const PlainAccess& access) const {
    return {.stream = stream,
            .actor = actor,
            .place = {stack, access.site, true},
            .kind = access.kind,
            .address = access.address,
            .size = access.size};
  }
};

// What accesses of one kind touch in one page, with no step between them; nobody knows where in the program.
struct Footprint {
  StreamId stream{};
  ActorId actor{};
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint64_t page = 0;      // address
  std::uint64_t accesses = 0;  // that were told since the last footprint
  const PageBits& bits;
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void step(const Step& step) = 0;
  // Accesses are many: only those who ask see them.
  [[nodiscard]] virtual bool wants_accesses() const { return false; }
  // They are told the footprints of accesses instead, if all are content with these; large ones still one by one.
  [[nodiscard]] virtual bool wants_footprints() const { return false; }
  virtual void footprint(const Footprint& /*footprint*/) {}
  virtual void access(const Access& /*access*/) {}
  // The same of many at once, for whom it is worth while.
  virtual void accesses(const AccessRun& run) {
    for (const PlainAccess& one : run.accesses) {
      access(run.full(one));
    }
  }
};

}  // namespace gordian::analysis
