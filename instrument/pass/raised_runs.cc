// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/raised_runs.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DepthFirstIterator.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/CFG.h>

#include "instrument/pass/early_value.h"

namespace gordian::pass {
namespace {

constexpr int kMostSteps = 16;            // up the tree of dominators
constexpr std::size_t kMostBetween = 32;  // blocks
constexpr unsigned kMostForAddress = 4;   // for an address

class Raiser {
 public:
  Raiser(Selection& selection, const llvm::LoopInfo& loops, const llvm::DominatorTree& dominators,
         const llvm::PostDominatorTree& ends);
  void raise_all();

 private:
  using Block = llvm::BasicBlock;

  [[nodiscard]] bool leads_to(const Block& above, const Block& below) const;
  void move(Run& run, Run& target, Block& block);
  // The last one of the block that nothing separates from the block's end.
  [[nodiscard]] Run* open_run(const Block& block) const;
  [[nodiscard]] bool is_first(const Run& run) const;
  void raise(Run& run);

  Counts& counts_;
  const llvm::LoopInfo& loops_;
  const llvm::DominatorTree& dominators_;
  const llvm::PostDominatorTree& ends_;
  llvm::DenseMap<const Block*, llvm::SmallVector<const llvm::Instruction*, 2>> barriers_;
  llvm::DenseMap<const Block*, Run*> first_;
  llvm::DenseMap<const Block*, Run*> last_;
};

Raiser::Raiser(Selection& selection, const llvm::LoopInfo& loops, const llvm::DominatorTree& dominators,
               const llvm::PostDominatorTree& ends)
    : counts_(selection.counts), loops_(loops), dominators_(dominators), ends_(ends) {
  for (const llvm::Instruction* barrier : selection.barriers) {
    barriers_[barrier->getParent()].push_back(barrier);
  }
  for (Run& run : selection.runs) {
    const Block* const block = run.front().instruction->getParent();
    first_.try_emplace(block, &run);
    last_[block] = &run;
  }
}

bool Raiser::is_first(const Run& run) const {
  const auto found = barriers_.find(run.front().instruction->getParent());
  return found == barriers_.end() || llvm::none_of(found->second, [&](const auto* barrier) {
           return barrier->comesBefore(run.front().instruction);
         });
}

Run* Raiser::open_run(const Block& block) const {
  Run* const run = last_.lookup(&block);
  if (run == nullptr || run->empty()) {
    return nullptr;
  }
  const auto found = barriers_.find(&block);
  const bool is_open = found == barriers_.end() || llvm::all_of(found->second, [&](const auto* barrier) {
                         return barrier->comesBefore(run->front().instruction);
                       });
  return is_open ? run : nullptr;
}

// All ways, and nothing on them but blocks of the same loop without a barrier.
bool Raiser::leads_to(const Block& above, const Block& below) const {
  if (!ends_.dominates(&below, &above) || loops_.getLoopFor(&above) != loops_.getLoopFor(&below)) {
    return false;
  }
  llvm::SmallPtrSet<const Block*, 16> between;
  llvm::SmallVector<const Block*, 16> rest(llvm::predecessors(&below));
  while (!rest.empty()) {
    const Block* const block = rest.pop_back_val();
    if (block == &above || !between.insert(block).second) {
      continue;
    }
    if (barriers_.contains(block) || loops_.getLoopFor(block) != loops_.getLoopFor(&above) ||
        between.size() > kMostBetween) {
      return false;
    }
    rest.append(llvm::pred_begin(block), llvm::pred_end(block));
  }
  return true;
}

// Those whose addresses can be known in the target's block: where it begins, or else at the block's end.
void Raiser::move(Run& run, Run& target, Block& block) {
  EarlyValue at_target({}, *target.front().instruction, dominators_);
  EarlyValue at_end({}, *block.getTerminator(), dominators_);
  const std::size_t before = run.size();
  const llvm::Instruction& where = *run.front().instruction;
  llvm::erase_if(run, [&](Access& access) {
    EarlyValue* const known = at_target.can_make(*access.address, kMostForAddress) ? &at_target
                              : at_end.can_make(*access.address, kMostForAddress)  ? &at_end
                                                                                   : nullptr;
    if (known != nullptr) {
      access.address = known->make(*access.address);
      target.push_back(access);
    }
    return known != nullptr;
  });
  if (run.size() != before) {
    counts_.add(Count::raised_run, where);
  }
}

void Raiser::raise(Run& run) {
  if (!is_first(run)) {
    return;
  }
  const Block* const block = run.front().instruction->getParent();
  const auto* above = dominators_.getNode(block);
  for (int i = 0; i < kMostSteps && above != nullptr && above->getIDom() != nullptr; ++i) {
    above = above->getIDom();
    if (!leads_to(*above->getBlock(), *block)) {
      return;
    }
    if (Run* const target = open_run(*above->getBlock())) {
      move(run, *target, *above->getBlock());
      return;
    }
  }
}

// From above down: so what a run begins with is always of its own block.
void Raiser::raise_all() {
  for (const auto* node : llvm::depth_first(dominators_.getRootNode())) {
    if (Run* const run = first_.lookup(node->getBlock())) {
      raise(*run);
    }
  }
}

}  // namespace

void raise_runs(Selection& selection, const llvm::LoopInfo& loops, const llvm::DominatorTree& dominators,
                const llvm::PostDominatorTree& ends) {
  Raiser(selection, loops, dominators, ends).raise_all();
  llvm::erase_if(selection.runs, [](const Run& run) { return run.empty(); });
}

}  // namespace gordian::pass
