// SPDX-License-Identifier: Apache-2.0
// Does LoopInfo know every loop of a function? Code that jumps into the middle of a loop has one that it does not know,
// and which may have no end.
#pragma once

#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/Analysis/CFG.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/IR/Function.h>

namespace gordian::pass {

inline bool is_reducible(const llvm::Function& function, const llvm::LoopInfo& loops) {
  const llvm::ReversePostOrderTraversal<const llvm::Function*> order(&function);
  return !llvm::containsIrreducibleCFG<const llvm::BasicBlock*>(order, loops);
}

}  // namespace gordian::pass
