// SPDX-License-Identifier: Apache-2.0
// Writes the words of a run of accesses straight into the thread's chunk: one load of the cursor, one check against the
// limit, stores at fixed offsets (behind a short range: at one that is known then), one store of the cursor. The append
// stands where the last address of the run is known; as nothing in the run synchronises, where exactly between its
// accesses makes no difference to any verdict.
#pragma once

#include "instrument/pass/hook_table.h"
#include "instrument/pass/selection.h"
#include "instrument/pass/thread_block.h"

namespace gordian::pass {

// The slow path makes room for at most this many words.
inline constexpr std::size_t kMostWords = 100;

// All runs of the function at once: their blocks are split, but what stands behind what in a block is asked before.
// Part of a long run may stand in a lower block, where its accesses have risen from, among those of another run.
void append_runs(llvm::ArrayRef<Run> runs, const ThreadBlock& thread, const HookTable& hooks);
void append_range(const Access& range, const HookTable& hooks);

}  // namespace gordian::pass
