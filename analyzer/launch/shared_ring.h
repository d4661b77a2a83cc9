// SPDX-License-Identifier: Apache-2.0
// The drainer's side of a program's ring (runtime/trace/ring_layout.h, whose invariants [I1]..[I7] are cited here). The
// program shares the memory and may have scribbled over it: sizes are checked once against the sealed length of the
// memory file, and every number read later is taken once, then clamped.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::analysis {

// A chunk's header fields as they were read, once.
struct ChunkView {
  std::uint32_t index = 0;
  trace::Family family = trace::Family::none;
  std::uint32_t stream = 0;
  std::uint32_t bytes = 0;  // of payload to take
  std::uint64_t sequence = 0;
  std::uint64_t actor = 0;
  std::uint64_t first_ordinal = 0;
  std::uint64_t cycles = 0;
  std::uint64_t monotonic_ns = 0;
};

using StreamOfChunks = std::pair<trace::Family, std::uint32_t>;

class SharedRing {
 public:
  // Forbids the program to shrink the file (reading past its end would kill us), checks it, maps it.
  static Result<SharedRing> map(Descriptor memfd);
  SharedRing(SharedRing&& other) noexcept;
  SharedRing& operator=(SharedRing&&) = delete;
  ~SharedRing();

  // Sealed chunks in an order that keeps each stream and family in sequence [I5]; the program runs on meanwhile. Of one
  // stream only, others may be emptied on other threads.
  std::vector<ChunkView> sealed_chunks(std::optional<StreamOfChunks> only = std::nullopt);
  // How many of each stream there are now.
  [[nodiscard]] std::map<StreamOfChunks, std::uint32_t> sealed_streams() const;
  // Every chunk that holds committed bytes, owned ones included; of a dead program what lies behind those, too [I3]
  // [I4].
  std::vector<ChunkView> remaining_chunks(bool is_dead);
  [[nodiscard]] const std::uint8_t* payload(const ChunkView& chunk) const;
  // Zeroes what was used and gives the chunk back to the producers [I3] [I4], on any thread. Of those that wait,
  // tell_producers() wakes some; a chunk at a time would be two switches of context each.
  void free_chunk(const ChunkView& chunk);
  void tell_producers();

  // Sleeps until chunks are sealed or wanted [I7], wake() is called, or the time is over. `seen` is what sealed_count()
  // returned before the last look.
  [[nodiscard]] std::uint32_t sealed_count() const;
  void wait_for_sealed(std::uint32_t seen, long milliseconds);
  void wake();

  void keep_all();
  void note_dropped();  // an access chunk, before it is freed
  void set_mode(trace::RingMode mode);
  // A number that changes when the program records something.
  [[nodiscard]] std::uint64_t recorded() const;
  [[nodiscard]] std::uint64_t lost_sync() const;
  [[nodiscard]] std::uint64_t lost_access() const;
  [[nodiscard]] std::uint32_t forks() const;
  [[nodiscard]] std::uint32_t lost_children() const;

  // Copies taken when the ring was mapped.
  [[nodiscard]] const std::string& program() const { return program_; }
  [[nodiscard]] std::uint64_t start_realtime_ns() const { return start_realtime_ns_; }
  [[nodiscard]] std::uint64_t start_monotonic_ns() const { return start_monotonic_ns_; }
  [[nodiscard]] std::uint64_t start_cycles() const { return start_cycles_; }
  [[nodiscard]] std::uint64_t options() const { return options_; }
  [[nodiscard]] std::uint64_t parent_trace() const { return parent_trace_; }
  [[nodiscard]] std::uint32_t parent_fork() const { return parent_fork_; }

 private:
  SharedRing(void* memory, std::uint32_t chunk_count);
  [[nodiscard]] trace::RingHeader& header() const;
  [[nodiscard]] trace::ChunkHeader& chunk(std::uint32_t index) const;
  [[nodiscard]] ChunkView view(std::uint32_t index) const;
  [[nodiscard]] std::uint32_t used() const;
  template <class Visit>
  void visit(bool owned_too, Visit&& see) const;
  [[nodiscard]] std::vector<ChunkView> scan(bool owned_too, std::optional<StreamOfChunks> only) const;
  void populate(std::uint32_t chunks);

  std::uint8_t* memory_;
  std::uint32_t count_;
  std::atomic<std::uint32_t> populated_{0};  // chunks, from the first on, whose payloads are mapped
  std::string program_;
  std::uint64_t start_realtime_ns_ = 0;
  std::uint64_t start_monotonic_ns_ = 0;
  std::uint64_t start_cycles_ = 0;
  std::uint64_t options_ = 0;
  std::uint64_t parent_trace_ = 0;
  std::uint32_t parent_fork_ = 0;
};

}  // namespace gordian::analysis
