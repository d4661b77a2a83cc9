// SPDX-License-Identifier: Apache-2.0
// A value at an earlier place than its own: its arithmetic again, and of loops that begin in between the first round,
// with what their variables begin with. ScalarEvolution knows as much, but writes it out down to where it all comes
// from, divisions included, which may not be done in advance; here what was computed before the place stays as it is.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/IR/Dominators.h>

namespace gordian::pass {

class EarlyValue {
 public:
  // Loops around each other, inside out, the outermost of which begins behind `place`.
  EarlyValue(llvm::ArrayRef<const llvm::Loop*> loops, llvm::Instruction& place, const llvm::DominatorTree& dominators)
      : loops_(loops), place_(place), dominators_(dominators) {}

  // At a cost of so many instructions, at most.
  [[nodiscard]] bool can_make(llvm::Value& value, unsigned instructions);
  // Only what it can.
  llvm::Value* make(llvm::Value& value);

 private:
  // What a variable of one of the loops begins with; null: it is of none.
  [[nodiscard]] llvm::Value* at_start(llvm::PHINode& phi) const;
  [[nodiscard]] bool is_there(const llvm::Value& value) const;

  llvm::ArrayRef<const llvm::Loop*> loops_;
  llvm::Instruction& place_;
  const llvm::DominatorTree& dominators_;
  llvm::DenseMap<llvm::Value*, llvm::Value*> made_;
};

}  // namespace gordian::pass
