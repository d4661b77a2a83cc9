// SPDX-License-Identifier: Apache-2.0
#include "analyzer/ingest/stream_cursor.h"

#include <utility>

namespace gordian::analysis {

Error in_file(Error error, const trace::TraceFile& file) {
  error.where = file.path() + ":" + error.where;
  return error;
}

void StackCursor::apply(std::uint64_t pop, std::span<const std::uint64_t> push) {
  if (pop == trace::kPopAll) {
    stack_ = StackId();
  }
  for (; pop > 0 && stack_; --pop) {
    stack_ = table_->pop(stack_);
  }
  for (const std::uint64_t entry : push) {
    stack_ =
        table_->push(stack_, static_cast<std::uint32_t>(entry >> 32), FunctionId(static_cast<std::uint32_t>(entry)));
  }
}

Result<bool> SyncCursor::open_chunk() {
  if (next_chunk_ == chunks_.size()) {
    return false;
  }
  Result<trace::Chunk> chunk = file_->read(*chunks_[next_chunk_++]);
  if (!chunk) {
    return chunk.error();
  }
  chunk_ = std::move(*chunk);
  reader_.emplace(chunk_.payload, chunk_.payload_offset());
  stack_.forget();
  if (chunk_.header.first_ordinal != next_ordinal_) {
    next_ordinal_ = chunk_.header.first_ordinal;
    resumed_ = ActorId(chunk_.header.actor);
  }
  return true;
}

Result<void> SyncCursor::next() {
  resumed_.reset();
  for (;;) {
    if (reader_) {
      Result<trace::AnyEvent> event = reader_->next();
      if (!event) {
        return in_file(event.error(), *file_);
      }
      event_ = *event;
      if (const auto* delta = trace::event_as<trace::Stack>(&event_)) {
        stack_.apply(delta->pop, delta->push);
        ++next_ordinal_;
        continue;
      }
      if (!at_end()) {
        ordinal_ = next_ordinal_++;
        return {};
      }
    }
    Result<bool> more = open_chunk();
    if (!more) {
      return more.error();
    }
    if (!*more) {
      ordinal_ = next_ordinal_;
      event_ = {};
      return {};
    }
  }
}

}  // namespace gordian::analysis
