// SPDX-License-Identifier: Apache-2.0
// What a call may do to the recording. A call that may record (or switch goroutines, or throw) ends a run of accesses
// and leaves its call site in the frame; a harmless one (intrinsics, pure library functions) does neither.
#pragma once

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/InstrTypes.h>

namespace gordian::pass {

// On functions that the pass has made itself: they neither record nor switch.
inline constexpr llvm::StringLiteral kHarmless = "gordian-harmless";

[[nodiscard]] bool may_record(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library);

// memcpy, memmove or memset, called by its C name.
[[nodiscard]] bool is_memory_function(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library,
                                      llvm::LibFunc& which);

// The place right behind the call; a call that may throw gets a block of its own for it.
[[nodiscard]] llvm::Instruction* place_behind(llvm::CallBase& call);

// Takes away what no longer holds once accesses are recorded: memory effects, nosync and the like, from functions and
// calls, library functions excepted. Without it a store of the cursor could be forwarded across a "pure" callee.
void drop_purity(llvm::Module& module, llvm::function_ref<const llvm::TargetLibraryInfo&(llvm::Function&)> library);

}  // namespace gordian::pass
