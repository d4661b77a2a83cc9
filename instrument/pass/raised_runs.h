// SPDX-License-Identifier: Apache-2.0
// Runs of one block that are told with those of an earlier one: every way from there leads to them, nothing on it ends
// the epoch, and their addresses are known there. So more accesses of one base come together (groups.h), there are
// fewer places that ask for room, and what is accessed after a quiet call returns needs no stack of its own.
//
// Not into or out of a loop, nor past one: it might have no end. What a fault prevents is claimed, as within a run.
#pragma once

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/IR/Dominators.h>

#include "instrument/pass/selection.h"

namespace gordian::pass {

void raise_runs(Selection& selection, const llvm::LoopInfo& loops, const llvm::DominatorTree& dominators,
                const llvm::PostDominatorTree& ends);

}  // namespace gordian::pass
