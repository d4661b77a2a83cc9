// SPDX-License-Identifier: Apache-2.0
// Two cursors over one stream, one per chunk family. Each holds one decompressed chunk at a time. The sync cursor,
// here, stands on the next event; the access cursor (access_cursor.h) hands out the records that lie before it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/model/place.h"
#include "runtime/base/ids.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

using ChunkRefs = std::vector<const trace::TraceFile::ChunkRef*>;

// A shadow stack under the deltas of one family.
class StackCursor {
 public:
  explicit StackCursor(StackTable& table) : table_(&table) {}
  void forget() { stack_ = StackId(); }
  void apply(std::uint64_t pop, std::span<const std::uint64_t> push);
  [[nodiscard]] StackId stack() const { return stack_; }

 private:
  StackTable* table_;
  StackId stack_{};
};

// Readers know offsets, not files.
Error in_file(Error error, const trace::TraceFile& file);

class SyncCursor {
 public:
  SyncCursor(const trace::TraceFile& file, ChunkRefs chunks, StackTable& stacks)
      : file_(&file), chunks_(std::move(chunks)), stack_(stacks) {}

  // Moves to the next event that is not a Stack event; those are applied on the way.
  Result<void> next();
  [[nodiscard]] bool at_end() const { return std::holds_alternative<std::monostate>(event_); }
  [[nodiscard]] const trace::AnyEvent& event() const { return event_; }
  [[nodiscard]] std::uint64_t ordinal() const { return ordinal_; }  // of event()
  [[nodiscard]] StackId stack() const { return stack_.stack(); }
  void forget_stack() { stack_.forget(); }
  // Set by next() when events between the previous one and this one are missing: who runs now.
  [[nodiscard]] std::optional<ActorId> resumed() const { return resumed_; }

 private:
  Result<bool> open_chunk();

  const trace::TraceFile* file_;
  ChunkRefs chunks_;
  std::size_t next_chunk_ = 0;
  trace::Chunk chunk_;
  std::optional<trace::EventReader> reader_;
  trace::AnyEvent event_;
  std::uint64_t ordinal_ = 0;
  std::uint64_t next_ordinal_ = 0;
  std::optional<ActorId> resumed_;
  StackCursor stack_;
};

}  // namespace gordian::analysis
