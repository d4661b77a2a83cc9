// SPDX-License-Identifier: Apache-2.0
// Accesses of loops as one record in front of the loop. In a loop in which nothing synchronises every iteration belongs
// to one epoch, so what all of them touch can be said at once: an address that stays as one access, an address that
// moves by a step as a strided range. The record claims exactly what will be executed: only for an access that every
// iteration makes, of a loop that is left at its latch alone and whose number of iterations is known in front of it. No
// call lies in it that could throw or never return, and each loop inside it is known to end too.
//
// From loop to loop outwards as long as that holds: an address that stays, or a range that goes on where the last one
// ended.
// Left as they are: what only some iterations do, loops with several exits, and what only a fault could have prevented.
#pragma once

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/IR/Dominators.h>

#include "instrument/pass/selection.h"

namespace gordian::pass {

// Moves accesses that can be told in front of a loop from Selection::runs to Selection::hoisted.
void find_loop_ranges(Selection& selection, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
                      llvm::DominatorTree& dominators);

// Computes their addresses, counts and strides in front of the loops, as runs of Selection::runs. The first change that
// is made to the function.
void expand_loop_ranges(Selection& selection, llvm::ScalarEvolution& evolution);

}  // namespace gordian::pass
