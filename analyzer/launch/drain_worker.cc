// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/drain_worker.h"

#include <cstddef>

namespace gordian::analysis {

namespace {

trace::FileChunk file_chunk(const ChunkView& chunk, std::uint64_t sequence, std::size_t bytes) {
  trace::FileChunk header;
  header.family = chunk.family;
  header.stream = chunk.stream;
  header.sequence = sequence;
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

DrainWorker::Ready DrainWorker::make_ready(const SharedRing& ring, std::span<const ChunkView> chunks,
                                           std::uint64_t sequence) {
  const ChunkView& first = chunks.front();
  if (every_access_ || first.family != trace::Family::access) {
    // The program may still write to the original.
    copy_.assign(ring.payload(first), ring.payload(first) + first.bytes);
    return {coder_.code(file_chunk(first, sequence, copy_.size()), copy_.data()), 1};
  }
  if (!reducer_) {
    reducer_.emplace();
  }
  const std::size_t count = reduce(ring, chunks);
  const std::span<const std::uint64_t> left = reducer_->end();
  return {coder_.code(file_chunk(first, sequence, left.size_bytes()), left.data()), count};
}

void DrainWorker::forget() {
  if (reducer_) {
    reducer_->forget();
  }
}

// How many.
std::size_t DrainWorker::reduce(const SharedRing& ring, std::span<const ChunkView> chunks) {
  reducer_->begin(chunks.front().stream);
  std::size_t count = 0;
  // A reader holds one chunk of each stream.
  constexpr std::size_t kLongest = 2 * trace::kChunkBytes / sizeof(std::uint64_t);
  for (bool goes_on = true; goes_on && count < chunks.size() && reducer_->size() < kLongest; ++count) {
    const ChunkView& chunk = chunks[count];
    goes_on = reducer_->take(chunk.first_ordinal, reinterpret_cast<const volatile std::uint64_t*>(ring.payload(chunk)),
                             chunk.bytes / sizeof(std::uint64_t));
  }
  return count;
}

}  // namespace gordian::analysis
