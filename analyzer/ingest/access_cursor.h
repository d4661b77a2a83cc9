// SPDX-License-Identifier: Apache-2.0
// The access records of one stream, in the pieces that lie between its events: shown one by one or in runs, or told as
// footprints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/ingest/footprints.h"
#include "analyzer/ingest/stream_cursor.h"
#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

// What the records of a segment have in common.
struct Segment {
  StreamId stream{};
  ActorId actor{};
  const std::vector<Observer*>& observers;
  Footprints* footprints = nullptr;  // of the accesses so far, if those are to be told
};

class AccessCursor {
 public:
  AccessCursor(const trace::TraceFile& file, ChunkRefs chunks, const Symbols& symbols, StackTable& stacks)
      : file_(&file), chunks_(std::move(chunks)), symbols_(&symbols), stacks_(&stacks), stack_(stacks) {}

  // Shows the observers all accesses that lie before the stream's event number `ordinal`.
  Result<void> deliver(std::uint64_t ordinal, const Segment& segment);
  // Another actor runs: its stack is not the one that the deltas so far described.
  void forget_stack();
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  // Accesses that were left out: the function or site is in no table, so kind and size are unknown, or no memory is
  // like that.
  [[nodiscard]] std::uint64_t unresolved() const { return unresolved_; }

 private:
  Result<bool> open_chunk();
  Result<void> show_until(std::uint64_t ordinal, const Segment& segment);
  static constexpr std::size_t kMostAtOnce = 256;  // fit the innermost cache

  void show_run(std::span<const std::uint64_t> words, const Segment& segment);
  void add_run(std::span<const std::uint64_t> words, const Segment& segment);
  bool add(const Access& access, const Segment& segment);
  void tell(const Access& access, const Segment& segment);
  [[nodiscard]] Access plain_access(std::uint64_t site, std::uint64_t address, const Segment& segment) const;
  [[nodiscard]] PlainAccess plain(std::uint64_t site, std::uint64_t address) const;
  std::size_t add_group(std::uint64_t word, std::size_t count);
  void show(const trace::AccessRecord& record, const Segment& segment);
  void show(const trace::AccessRecord& record, std::uint64_t site, std::uint64_t address, const Segment& segment);
  void show_bitmap(const trace::AccessRecord& record, const Segment& segment);
  void show_elements(const trace::AccessRecord& bitmap, const Segment& segment);
  Result<bool> control(const Segment& segment);
  void move_to(const trace::AccessRecord& record);
  void restack();

  const trace::TraceFile* file_;
  ChunkRefs chunks_;
  std::size_t next_chunk_ = 0;
  trace::Chunk chunk_;
  std::optional<trace::AccessReader> reader_;
  const Symbols* symbols_;
  StackTable* stacks_;
  StackCursor stack_;
  std::vector<FunctionId> functions_;  // in place of stack_
  FunctionSites sites_;                // of the innermost function
  std::uint64_t marker_ = 0;
  std::array<PlainAccess, kMostAtOnce + trace::kMostGroupMembers> run_;
  std::uint64_t delivered_ = 0;
  std::uint64_t told_ = 0;  // of these, by footprints
  std::uint64_t unresolved_ = 0;
};

}  // namespace gordian::analysis
