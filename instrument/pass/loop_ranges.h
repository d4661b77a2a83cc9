// SPDX-License-Identifier: Apache-2.0
// Accesses of loops as one record outside the loop. In a loop in which nothing synchronises every iteration belongs to
// one epoch, so what all of them touch can be said at once: an address that stays as one access, an address that moves
// by a step as a strided range. The record claims exactly what is executed: it is of accesses that every round makes
// that is begun; no call lies in the loop that could throw or never return.
//   - In front of the loop, if the latch alone leaves it, after a number of rounds that is known there; from loop to
//     loop outwards as long as that holds: an address that stays, or a range that goes on where the last one ended. A
//     range that goes on elsewhere, each time so far from the last one, becomes the rows of one of two dimensions, and
//     from there on it is the rows that go on.
//   - An address that stays: in front of every loop, however often and where it is left.
//   - An address that moves: else where the loop is left, by then its rounds are counted. If the loop might have no
//   end,
//     its first access is told in front of it, too. Only of loops without loops, calls and volatile accesses in them:
//     if the program ends before the loop does, what it has done is lost, and such a loop is soon over.
// A program that another thread ends in the middle of a loop has been said, in front of it, to make all its accesses.
// Left as they are: what only some rounds do, and what only a fault could have prevented. What a loop that a fault ends
// has done is lost. A signal handler that synchronises in the middle of a loop is taken to have done so before what is
// told at its end, and after what is told in front of it, although some rounds were otherwise.
#pragma once

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/IR/Dominators.h>

#include "instrument/pass/selection.h"

namespace gordian::pass {

// Moves accesses that can be told outside a loop from Selection::runs to Selection::hoisted.
void find_loop_ranges(Selection& selection, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
                      llvm::DominatorTree& dominators);

// Computes their addresses, counts and strides, of the rows, too, and makes runs of Selection::runs of them.
void expand_loop_ranges(Selection& selection, llvm::ScalarEvolution& evolution, const llvm::DominatorTree& dominators);

}  // namespace gordian::pass
