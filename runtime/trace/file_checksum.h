// SPDX-License-Identifier: Apache-2.0
// The checksum of a chunk in a trace file, for its writer and its reader: XXH3-64 over the header with checksum 0, then
// the payload as stored.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstddef>
#include <cstdint>

#include "runtime/trace/file_layout.h"

namespace gordian::trace {

inline std::uint64_t chunk_checksum(FileChunk header, const void* stored) noexcept {
  header.checksum = 0;
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, &header, sizeof header);
  XXH3_64bits_update(&state, stored, header.stored_bytes);
  return XXH3_64bits_digest(&state);
}

}  // namespace gordian::trace
