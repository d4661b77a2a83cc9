// SPDX-License-Identifier: Apache-2.0
// Atomics: the operation and its ticket are taken under one address-striped lock of the runtime, so that the recorded
// order of each location is the one that happened. The program's own instruction stays as it is between the two hooks.
#pragma once

#include "instrument/pass/hook_table.h"
#include "instrument/pass/selection.h"

namespace gordian::pass {

void wrap_atomic(const Access& atomic, const HookTable& hooks);
void announce_fence(llvm::FenceInst& fence, const HookTable& hooks);

// Brackets `first`..`last` as one atomic operation that always succeeds; used where a library function is the
// operation.
void wrap_as_atomic(llvm::Instruction& first, llvm::Instruction& last, const Access& access, std::uint32_t info,
                    const HookTable& hooks);

}  // namespace gordian::pass
