// SPDX-License-Identifier: Apache-2.0
// The recorder's side of gordian_rt_access_slow: room in the thread's access chunk, or in a scratch buffer whose words
// nobody reads.
#pragma once

#include <cstdint>

#include "runtime/record/thread_state.h"

namespace gordian::rt::record {

inline constexpr std::uint64_t kMaxAppendWords = 100;  // of one request (abi/hooks.def)
inline constexpr std::uint64_t kScratchWords = 256;

// Where accesses go that are not recorded: per thread, so that threads do not fight for its cache lines.
extern __attribute__((tls_model("initial-exec"))) __thread std::uint64_t t_scratch[kScratchWords];

// While recording: writes what is due and returns the cursor with room for `words`; lost words are counted. Keeps
// errno.
std::uint64_t* access_room(std::uint64_t words) noexcept;

void publish_accesses(ThreadState& state) noexcept;  // commits what has been appended
void end_accesses(ThreadState& state) noexcept;      // and gives the chunk to the drainer
void forget_accesses(ThreadState& state) noexcept;   // leaves the ring alone: after a fork, in the child

}  // namespace gordian::rt::record
