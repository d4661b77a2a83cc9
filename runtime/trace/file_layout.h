// SPDX-License-Identifier: Apache-2.0
// The trace file (.gtrace): FileHeader, program path, command line, then chunks until the end of the file. A chunk
// stands alone; a file without an end chunk was cut short. All numbers little-endian.
#pragma once

#include <cstdint>

#include "runtime/trace/ring_layout.h"

namespace gordian::trace {

inline constexpr std::uint64_t kFileMagic = 0x0a45434152544721;  // "!GTRACE\n"
inline constexpr std::uint32_t kFileVersion = 1;
inline constexpr std::uint32_t kFileChunkMagic = 0x4b484347;  // "GCHK"

// `packed` is for access chunks only (packed_words.h).
// packed_zstd: packed first, that compressed by zstd.
enum class Codec : std::uint8_t { none = 0, lz4 = 1, zstd = 2, packed = 3, packed_zstd = 4 };

// FileHeader::options.
inline constexpr std::uint64_t kOptionReduced =
    1;  // accesses that say nothing new were left out (FORMAT.md, decision 17)

struct FileHeader {
  std::uint64_t magic = kFileMagic;
  std::uint32_t version = kFileVersion;
  std::uint32_t header_bytes = sizeof(FileHeader);  // of this struct; texts follow
  std::uint32_t pid = 0;
  std::uint32_t program_bytes = 0;
  std::uint32_t command_bytes = 0;  // 0 = not recorded
  std::uint32_t parent_fork = 0;    // number of the parent's Fork event; 0 = no fork, or not known
  std::uint64_t options = 0;
  std::uint64_t start_realtime_ns = 0;
  std::uint64_t start_monotonic_ns = 0;
  std::uint64_t start_cycles = 0;
  std::uint64_t parent_trace = 0;  // trace_identity() of the parent's trace, 0 = none
};
static_assert(sizeof(FileHeader) == 72);

// What a trace is called by those of the processes that its own one started. Of numbers that stand in the ring as well,
// so that the child of a fork knows its parent's; never 0.
constexpr std::uint64_t trace_identity(std::uint64_t start_realtime_ns, std::uint64_t start_cycles) noexcept {
  return (start_realtime_ns * 0x9e3779b97f4a7c15u ^ start_cycles) | 1;
}

struct FileChunk {
  std::uint32_t magic = kFileChunkMagic;
  Family family = Family::none;
  Codec codec = Codec::none;
  std::uint16_t reserved = 0;
  std::uint32_t stream = 0;
  std::uint32_t raw_bytes = 0;     // payload after decompression
  std::uint32_t stored_bytes = 0;  // payload in the file
  std::uint32_t reserved2 = 0;
  std::uint64_t sequence = 0;
  std::uint64_t actor = 0;
  std::uint64_t first_ordinal = 0;
  std::uint64_t cycles = 0;
  std::uint64_t monotonic_ns = 0;
  std::uint64_t checksum = 0;  // XXH3-64 of this header with checksum 0, followed by the stored payload
};
static_assert(sizeof(FileChunk) == 72);

// Payload of the end chunk.
enum class EndKind : std::uint32_t { unknown = 0, exited = 1, signaled = 2 };
struct FileEnd {
  EndKind kind = EndKind::unknown;
  std::int32_t status = 0;  // exit status or signal number
  std::uint64_t lost_sync = 0;
  std::uint64_t lost_access = 0;
};
static_assert(sizeof(FileEnd) == 24);

}  // namespace gordian::trace
