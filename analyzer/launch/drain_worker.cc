// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/drain_worker.h"

#include <cstddef>

namespace gordian::analysis {

namespace {

trace::FileChunk file_chunk(const ChunkView& chunk, std::size_t bytes) {
  trace::FileChunk header;
  header.family = chunk.family;
  header.stream = chunk.stream;
  header.sequence = chunk.sequence;
  header.actor = chunk.actor;
  header.first_ordinal = chunk.first_ordinal;
  header.cycles = chunk.cycles;
  header.monotonic_ns = chunk.monotonic_ns;
  header.raw_bytes = static_cast<std::uint32_t>(bytes);
  return header;
}

}  // namespace

DrainWorker::DrainWorker(bool every_access, bool hurries) : every_access_(every_access) {
  if (hurries) {
    coder_.hurry();
  }
}

CodedChunk DrainWorker::make_ready(const SharedRing& ring, const ChunkView& chunk) {
  const std::span<const std::uint8_t> payload = payload_of(ring, chunk);
  return coder_.code(file_chunk(chunk, payload.size()), payload.data());
}

void DrainWorker::forget() {
  if (reducer_) {
    reducer_->forget();
  }
}

// The program may still write to the original.
std::span<const std::uint8_t> DrainWorker::payload_of(const SharedRing& ring, const ChunkView& chunk) {
  const std::uint8_t* const payload = ring.payload(chunk);
  if (every_access_ || chunk.family != trace::Family::access) {
    copy_.assign(payload, payload + chunk.bytes);
    return copy_;
  }
  if (!reducer_) {
    reducer_.emplace();
  }
  const auto left = std::as_bytes(reducer_->reduce(
      chunk.stream, reinterpret_cast<const volatile std::uint64_t*>(payload), chunk.bytes / sizeof(std::uint64_t)));
  return {reinterpret_cast<const std::uint8_t*>(left.data()), left.size()};
}

}  // namespace gordian::analysis
