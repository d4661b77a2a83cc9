// SPDX-License-Identifier: Apache-2.0
// The code that loop_ranges.cc has found a place for.
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/MapVector.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/Transforms/Utils/ScalarEvolutionExpander.h>

#include <utility>

#include "instrument/pass/early_value.h"
#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/loop_ranges.h"

namespace gordian::pass {
namespace {

class Exits {
 public:
  // How many rounds of the loop have been begun, known from its header on.
  llvm::Value* rounds(const llvm::Loop& loop) {
    llvm::Value*& known = rounds_[&loop];
    if (known == nullptr) {
      llvm::BasicBlock* const header = loop.getHeader();
      llvm::IRBuilder<> builder(header, header->begin());
      llvm::PHINode* const finished = builder.CreatePHI(builder.getInt64Ty(), 2, "round");
      builder.SetInsertPoint(header, header->getFirstInsertionPt());
      known = builder.CreateAdd(finished, builder.getInt64(1), "rounds", /*HasNUW=*/true);
      finished->addIncoming(builder.getInt64(0), loop.getLoopPreheader());
      finished->addIncoming(known, loop.getLoopLatch());
    }
    return known;
  }

  // In front of all else that the exit does: an instruction that nobody needs, because what the exit begins with may be
  // its end, and before that the function's frame is given back.
  llvm::Instruction* place(const llvm::Loop& loop, llvm::BasicBlock& exit) {
    llvm::Instruction*& known = places_[&exit];
    if (known == nullptr) {
      known = new llvm::FreezeInst(rounds(loop));
      known->insertBefore(exit.getFirstInsertionPt());
    }
    return known;
  }

 private:
  llvm::DenseMap<const llvm::Loop*, llvm::Value*> rounds_;
  llvm::DenseMap<const llvm::BasicBlock*, llvm::Instruction*> places_;
};

}  // namespace

void expand_loop_ranges(Selection& selection, llvm::ScalarEvolution& evolution, const llvm::DominatorTree& dominators) {
  llvm::SCEVExpander expander = compat::expander(evolution);
  llvm::MapVector<llvm::Instruction*, Run> runs;
  llvm::SmallVector<std::pair<const llvm::Loop*, Access>, 8> at_exits;
  for (const Hoisted& hoisted : selection.hoisted) {
    Access access = hoisted.access;
    access.instruction = hoisted.place;
    access.address = hoisted.is_copied
                         ? EarlyValue(hoisted.loops, *hoisted.place, dominators).make(*hoisted.access.address)
                         : expander.expandCodeFor(hoisted.address, access.address->getType(), hoisted.place);
    if (hoisted.may_be_endless) {  // the first one
      runs[hoisted.place].push_back(access);
    }
    if (hoisted.stride != nullptr) {
      access.stride = expander.expandCodeFor(hoisted.stride, nullptr, hoisted.place);
    }
    if (hoisted.left != nullptr) {
      at_exits.emplace_back(hoisted.left, access);
      continue;
    }
    if (hoisted.count != nullptr) {
      access.count = expander.expandCodeFor(hoisted.count, nullptr, hoisted.place);
    }
    if (hoisted.rows != nullptr) {
      access.rows = expander.expandCodeFor(hoisted.rows, nullptr, hoisted.place);
      access.row_stride = expander.expandCodeFor(hoisted.row_stride, nullptr, hoisted.place);
    }
    runs[hoisted.place].push_back(access);
  }
  // Only now: the expander looks at the induction variables that there are.
  Exits exits;
  for (auto& [loop, access] : at_exits) {
    llvm::SmallVector<llvm::BasicBlock*, 8> blocks;
    loop->getUniqueExitBlocks(blocks);
    access.count = exits.rounds(*loop);
    for (llvm::BasicBlock* block : blocks) {
      access.instruction = exits.place(*loop, *block);
      runs[access.instruction].push_back(access);
    }
  }
  for (auto& [place, run] : runs) {
    selection.runs.push_back(std::move(run));
  }
}

}  // namespace gordian::pass
