// SPDX-License-Identifier: Apache-2.0
// The program's side of the shared ring (trace/ring_layout.h, whose invariants [I1]..[I7] are cited here): takes free
// chunks, seals full ones, counts what found no room. Nothing blocks without a bound, whatever becomes of the drainer.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "runtime/trace/ring_layout.h"

namespace gordian::rt::record {

class Ring {
 public:
  // Sealed chunks that are enough to keep the drainer busy: 4 MiB, which stay in the processor's cache. With more than
  // that ahead, a producer would only run away from a drainer that is slower, and touch all of the ring's memory.
  static constexpr std::uint32_t kBacklog = 64;

  // Lays out and maps a new ring over the memory file; false if the system refuses. Not thread-safe: once, at start.
  bool create(int memfd, std::uint32_t chunk_count) noexcept;
  // Who empties the ring: when it is gone, nobody waits any more. 0 = not known.
  void set_drainer(pid_t pid) noexcept { drainer_ = pid; }
  void unmap() noexcept;
  // After a fork, in the child: the ring is the parent's alone. Whoever gets the mapping unmaps it.
  struct Mapping {
    trace::RingHeader* header = nullptr;
    std::size_t bytes = 0;
  };
  Mapping detach() noexcept { return {std::exchange(header_, nullptr), trace::ring_bytes(count_)}; }

  // A free chunk, now owned by the caller [I1], its header filled in except first_ordinal and actor; null when there is
  // no room, after a bounded wait [I6]. Keeps errno.
  trace::ChunkHeader* take(trace::Family family, std::uint32_t stream, std::uint64_t sequence) noexcept;
  // Gives a full chunk to the drainer. Its bytes were committed before.
  void seal(trace::ChunkHeader* chunk) noexcept;
  // The drainer is behind, and would itself make accesses fewer.
  [[nodiscard]] bool is_behind() const noexcept;
  // How many access chunks it could not store. relaxed: who acts on it late has left out what such a chunk said, as
  // chunks that were sealed before it was dropped may have.
  [[nodiscard]] std::uint32_t dropped() const noexcept { return header_->dropped.load(std::memory_order_relaxed); }
  std::uint8_t* payload(const trace::ChunkHeader* chunk) const noexcept {
    return payloads_ + static_cast<std::uint64_t>(chunk - chunks_) * trace::kChunkBytes;
  }

  void lose_sync(std::uint64_t events) noexcept;
  void lose_access(std::uint64_t words) noexcept;
  trace::RingHeader* header() noexcept { return header_; }

 private:
  trace::ChunkHeader* scan(bool may_run_ahead) noexcept;
  trace::ChunkHeader* wait_and_scan() noexcept;
  trace::ChunkHeader* take_free(std::uint32_t index) noexcept;
  bool is_stalled() const noexcept;
  bool drainer_is_gone() const noexcept;

  trace::RingHeader* header_ = nullptr;
  trace::ChunkHeader* chunks_ = nullptr;
  std::uint8_t* payloads_ = nullptr;
  std::uint32_t count_ = 0;
  pid_t drainer_ = 0;
  std::atomic<std::uint32_t> stalled_at_{
      0};  // 1 + the value of `freed` at which a producer last waited some steps in vain
  std::atomic<std::uint32_t> gave_up_at_{0};  // the same, to the end
};

// The process's ring.
extern Ring g_ring;

}  // namespace gordian::rt::record
