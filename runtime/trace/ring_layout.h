// SPDX-License-Identifier: Apache-2.0
// The shared ring: a memfd that the program maps and a drainer process empties. It outlives the program, so what was
// committed survives SIGKILL. Layout: RingHeader, then chunk_count ChunkHeaders, then chunk_count payloads of
// chunk_bytes.
//
// [I1] A chunk's state moves free -> owned (program, CAS) -> sealed (its owner) -> free (drainer). One owner at a time.
// [I2] Bytes below `committed` never change until the drainer frees the chunk. Commit is one release store.
// [I3] Access payloads are zero when a chunk becomes free, so after the program's death the drainer may read an owned
//      access chunk past `committed` up to the first zero word (operands of a control word may be zero). Words past it
//      change while a thread takes out repetitions: then the first of them is zero, and those of a living program are
//      nobody's to read.
// [I4] Only the drainer frees; when the program is dead it also takes owned chunks.
// [I5] Per stream and family, chunk n is sealed before chunk n + 1 is taken: who sees n + 1 sealed finds n sealed too.
// [I6] Nobody waits without a bound: a producer that finds no free chunk waits for `freed` to move, and after the bound
//      counts a loss; until `freed` moves again it does not wait a second time. While enough
//      sealed chunks (record/ring.h, kBacklog) lie before the first free one it waits as if there were none, unless the
//      drainer has freed nothing for some steps of that wait, or takes no accesses. The drainer never waits for a
//      writer.
// [I7] A drainer that sleeps is woken by the seal that makes it kWakeAfter chunks, or an eighth of a smaller ring,
// since
//      `drainer_saw`, noted before its last look, and by every producer that waits. Fewer wait for its timeout.
//
// A chunk's life:  free --take (CAS acquire)--> owned --seal (store release)--> sealed --drain, zero (store release)-->
// free
//                                             append, commit (store release)
#pragma once

#include <atomic>
#include <cstdint>

namespace gordian::trace {

inline constexpr std::uint64_t kRingMagic = 0x31474e5244524f47;  // "GORDRNG1"
inline constexpr std::uint32_t kRingVersion = 4;
inline constexpr std::uint32_t kChunkBytes = 64 * 1024;
inline constexpr std::uint64_t kChunkWords = kChunkBytes / sizeof(std::uint64_t);  // of an access chunk
inline constexpr std::uint32_t kDefaultRingBytes = 64 * 1024 * 1024;
// Two switches of context cost as much as filling half a chunk [I7].
inline constexpr std::uint32_t kWakeAfter = 16;

// MADV_POPULATE_WRITE, newer than the C library's headers: one call for what would be a fault per page.
inline constexpr int kPopulateForWriting = 23;

enum class Family : std::uint8_t { none = 0, sync = 1, access = 2, tables = 3, end = 4 };
enum class ChunkState : std::uint32_t { free = 0, owned = 1, sealed = 2 };

enum RingMode : std::uint32_t {
  kModeNormal = 0,
  kModeDropAccesses = 1,  // the disk is full: access chunks are counted and dropped
  kModeDropAll = 2,       // the drainer is gone: nobody will free a chunk
};

struct alignas(64) ChunkHeader {
  std::atomic<std::uint32_t> state{0};  // ChunkState
  Family family = Family::none;
  std::uint8_t reserved[3] = {};
  std::uint32_t stream = 0;
  std::atomic<std::uint32_t> committed{0};  // bytes of payload [I2]
  std::uint64_t sequence = 0;               // from 0, per stream and family
  std::uint64_t actor = 0;                  // who runs on the stream at the chunk's start
  std::uint64_t first_ordinal = 0;          // sync events of this stream before the chunk's first record
  std::uint64_t cycles = 0;                 // cycle counter and CLOCK_MONOTONIC when the chunk was taken
  std::uint64_t monotonic_ns = 0;
};
static_assert(sizeof(ChunkHeader) == 64);

struct RingHeader {
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t chunk_bytes = 0;
  std::uint32_t chunk_count = 0;
  std::uint32_t pid = 0;
  std::uint64_t start_realtime_ns = 0;
  std::uint64_t start_monotonic_ns = 0;
  std::uint64_t start_cycles = 0;
  std::uint64_t options = 0;       // what is recorded: FORMAT.md, header flags
  std::uint64_t parent_trace = 0;  // of a fork's child: trace_identity() of the parent's trace
  std::uint32_t parent_fork = 0;   // and the number of its Fork event
  char program[1024] = {};         // absolute path of the executable

  alignas(64) std::atomic<std::uint32_t> sealed{0};  // count of seals; the drainer's futex
  std::atomic<std::uint32_t> drainer_sleeps{0};
  std::atomic<std::uint32_t> drainer_saw{0};        // `sealed` before its last look [I7]
  alignas(64) std::atomic<std::uint32_t> freed{0};  // count of frees; the producers' futex
  std::atomic<std::uint32_t> producers_sleep{0};
  std::atomic<std::uint32_t> used{0};                        // chunks from the first on that somebody has ever taken
  alignas(64) std::atomic<std::uint32_t> mode{kModeNormal};  // RingMode
  std::atomic<std::uint32_t> dropped{0};                     // access chunks that were freed and could not be stored
  std::atomic<std::uint32_t> keeps_all{0};  // by the drainer, before it accepts: the user wants every access
  alignas(64) std::atomic<std::uint64_t> lost_sync{0};  // events that found no room
  std::atomic<std::uint64_t> lost_access{0};            // access words that found no room
  alignas(64) std::atomic<std::uint32_t> forks{0};      // begun; each child comes with a ring of its own, or ...
  std::atomic<std::uint32_t> lost_children{0};          // ... could not
};

// The handshake on the unix socket: the program sends a Hello with the memfd attached (SCM_RIGHTS) and waits for one
// byte.
struct Hello {
  std::uint64_t magic = kRingMagic;
  std::uint32_t version = kRingVersion;
  std::uint32_t pid = 0;  // as the program sees itself; the drainer trusts the socket's credentials first
};
static_assert(sizeof(Hello) == 16);
inline constexpr std::uint8_t kHelloAccepted = 1;  // anything else, or the end of the connection: run unrecorded

inline constexpr std::uint64_t kChunkHeadersOffset = 4096;
static_assert(sizeof(RingHeader) <= kChunkHeadersOffset);

constexpr std::uint64_t payloads_offset(std::uint32_t chunk_count) noexcept {
  const std::uint64_t end = kChunkHeadersOffset + std::uint64_t{chunk_count} * sizeof(ChunkHeader);
  return (end + 4095) & ~std::uint64_t{4095};
}
constexpr std::uint64_t ring_bytes(std::uint32_t chunk_count) noexcept {
  return payloads_offset(chunk_count) + std::uint64_t{chunk_count} * kChunkBytes;
}

}  // namespace gordian::trace
