// SPDX-License-Identifier: Apache-2.0
// Functions of the C library, and of libstdc++.so for streams, whose code the pass does not see, but whose accesses the
// standards spell out: which pointers they read and write through, and how far. Only calls that the program itself
// makes are recorded, at the place where it makes them: what other libraries and the runtime do with the same functions
// is theirs.
//
// A call that hands bytes on (write, send) is recorded before it is made, because whoever receives them is ordered
// behind it; all others afterwards, when the result says how far they came.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/InstrTypes.h>

#include "instrument/pass/hook_table.h"
#include "instrument/pass/library_effect.h"
#include "instrument/pass/selection.h"

namespace gordian::pass {

// The effects of a call; none if it is no call of a known function, or not with that function's parameters.
[[nodiscard]] llvm::SmallVector<LibraryEffect, 4> library_effects(const llvm::CallBase& call);
[[nodiscard]] llvm::Value* value_of(const Operand& operand, llvm::CallBase& call);

void record_library_access(const Access& access, const HookTable& hooks);

}  // namespace gordian::pass
