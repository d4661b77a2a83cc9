// SPDX-License-Identifier: Apache-2.0
// printf and scanf: which arguments they read texts from or write to is said by the format. One that is not constant,
// and arguments that come in a list, are left to the runtime (runtime/hooks/format.cc), for printf alone. Not followed:
// numbered arguments (%1$s).
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/InstrTypes.h>

#include "instrument/pass/library_effect.h"

namespace gordian::pass {

// None if the call is none of theirs.
[[nodiscard]] llvm::SmallVector<LibraryEffect, 4> format_effects(const llvm::CallBase& call);

}  // namespace gordian::pass
