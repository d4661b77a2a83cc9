// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/loop_ranges.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/Analysis/ScalarEvolutionExpressions.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/ScalarEvolutionExpander.h>

#include <array>
#include <optional>

#include "instrument/pass/early_value.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

// Instructions that an address or a count may cost in front of a loop.
constexpr unsigned kMostInstructions = 32;
// Each of them tells what a loop has done.
constexpr std::size_t kMostExits = 4;

class Hoister {
 public:
  Hoister(const Selection& selection, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
          llvm::DominatorTree& dominators);
  // As far out as it goes; none if it has to stay where it is.
  std::optional<Hoisted> hoist(const Access& access);

 private:
  struct Facts {
    bool is_finite = false;             // it and all loops in it end
    const llvm::SCEV* count = nullptr;  // of iterations, none of which leaves early; null: nobody knows in front of it
  };

  const Facts& facts(llvm::Loop& loop);
  const llvm::SCEV* count_of(llvm::Loop& loop);
  bool climb(Hoisted& record, llvm::Loop& loop);
  bool moves_on(Hoisted& record, const llvm::SCEV* step, const llvm::SCEV* rounds);
  bool is_in_each_round(const llvm::Instruction& place, llvm::Loop& loop);
  bool stays(Hoisted& record, llvm::Loop& loop);
  bool takes_long(llvm::Loop& loop) const;
  bool leaves(Hoisted& record, llvm::Loop& loop);
  bool can_expand(const llvm::SCEV* value, llvm::Loop& loop);
  bool can_expand_shape(const Hoisted& record, llvm::Loop& loop);
  bool has_one_shape(const Hoisted& record, llvm::Loop& loop);
  bool finds_address(Hoisted& record, llvm::Loop& loop);

  llvm::LoopInfo& loops_;
  llvm::ScalarEvolution& evolution_;
  llvm::DominatorTree& dominators_;
  llvm::SCEVExpander expander_;
  llvm::Type* word_;
  llvm::DenseMap<const llvm::Loop*, bool> has_barrier_;
  llvm::DenseMap<const llvm::Loop*, Facts> facts_;
};

Hoister::Hoister(const Selection& selection, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
                 llvm::DominatorTree& dominators)
    : loops_(loops),
      evolution_(evolution),
      dominators_(dominators),
      expander_(compat::expander(evolution)),
      word_(llvm::Type::getInt64Ty(dominators.getRoot()->getContext())) {
  for (const llvm::Instruction* barrier : selection.barriers) {
    for (const llvm::Loop* loop = loops.getLoopFor(barrier->getParent()); loop != nullptr;
         loop = loop->getParentLoop()) {
      has_barrier_[loop] = true;
    }
  }
}

// The latch is the only way out.
const llvm::SCEV* Hoister::count_of(llvm::Loop& loop) {
  if (!loop.isLoopSimplifyForm() || loop.getExitingBlock() != loop.getLoopLatch()) {
    return nullptr;
  }
  const llvm::SCEV* taken = evolution_.getBackedgeTakenCount(&loop);
  if (llvm::isa<llvm::SCEVCouldNotCompute>(taken) || evolution_.getTypeSizeInBits(taken->getType()) > 64) {
    return nullptr;
  }
  return evolution_.getAddExpr(evolution_.getNoopOrZeroExtend(taken, word_), evolution_.getOne(word_));
}

const Hoister::Facts& Hoister::facts(llvm::Loop& loop) {
  if (const auto known = facts_.find(&loop); known != facts_.end()) {
    return known->second;
  }
  Facts found;
  found.is_finite = !llvm::isa<llvm::SCEVCouldNotCompute>(evolution_.getSymbolicMaxBackedgeTakenCount(&loop)) &&
                    llvm::all_of(loop.getSubLoops(), [&](llvm::Loop* inner) { return facts(*inner).is_finite; });
  found.count = found.is_finite && !has_barrier_.lookup(&loop) ? count_of(loop) : nullptr;
  return facts_[&loop] = found;
}

bool Hoister::can_expand(const llvm::SCEV* value, llvm::Loop& loop) {
  llvm::Instruction* place = loop.getLoopPreheader()->getTerminator();
  return expander_.isSafeToExpandAt(value, place) && value->getExpressionSize() <= kMostInstructions;
}

// What is null, it does not have.
std::array<const llvm::SCEV*, 4> shape(const Hoisted& record) {
  return {record.count, record.stride, record.rows, record.row_stride};
}

bool Hoister::can_expand_shape(const Hoisted& record, llvm::Loop& loop) {
  return llvm::all_of(shape(record), [&](auto* part) { return part == nullptr || can_expand(part, loop); });
}

// In every round the same: a triangle has none.
bool Hoister::has_one_shape(const Hoisted& record, llvm::Loop& loop) {
  return llvm::all_of(shape(record),
                      [&](auto* part) { return part == nullptr || evolution_.isLoopInvariant(part, &loop); });
}

// The address in front of one loop more, where the rest of the record has got to already.
bool Hoister::finds_address(Hoisted& record, llvm::Loop& loop) {
  record.loops.push_back(&loop);
  record.is_copied = !can_expand(record.address, loop);
  return !record.is_copied ||
         EarlyValue(record.loops, *record.place, dominators_).can_make(*record.access.address, kMostInstructions);
}

// The same again, for so many rounds, each a step further: a range longer if it goes on where the last one ended, else
// rows of it, and then more rows. A third dimension there is none.
bool Hoister::moves_on(Hoisted& record, const llvm::SCEV* step, const llvm::SCEV* rounds) {
  const bool is_matrix = record.rows != nullptr;
  const llvm::SCEV*& count = is_matrix ? record.rows : record.count;
  const llvm::SCEV*& stride = is_matrix ? record.row_stride : record.stride;
  if (count == nullptr) {
    count = rounds;
    stride = step;
  } else if (step == evolution_.getMulExpr(count, stride)) {
    count = evolution_.getMulExpr(count, rounds);
  } else if (!is_matrix) {
    record.rows = rounds;
    record.row_stride = step;
  } else {
    return false;
  }
  return true;
}

// One loop further out.
bool Hoister::climb(Hoisted& record, llvm::Loop& loop) {
  const llvm::SCEV* rounds = facts(loop).count;
  if (rounds == nullptr || !dominators_.dominates(record.place->getParent(), loop.getLoopLatch()) ||
      !has_one_shape(record, loop)) {
    return false;
  }
  Hoisted next = record;
  next.place = loop.getLoopPreheader()->getTerminator();
  if (const auto* moving = llvm::dyn_cast<llvm::SCEVAddRecExpr>(record.address);
      moving != nullptr && moving->getLoop() == &loop && moving->isAffine()) {
    const llvm::SCEV* step = evolution_.getTruncateOrSignExtend(moving->getStepRecurrence(evolution_), word_);
    if (!moves_on(next, step, rounds)) {
      return false;
    }
    next.address = moving->getStart();
  } else if (!evolution_.isLoopInvariant(record.address, &loop)) {
    return false;
  }
  if (!finds_address(next, loop) || !can_expand_shape(next, loop)) {
    return false;
  }
  record = next;
  return true;
}

// Whoever begins a round comes to the place, also if the round is the last one and left half-way.
bool Hoister::is_in_each_round(const llvm::Instruction& place, llvm::Loop& loop) {
  if (!loop.isLoopSimplifyForm() || has_barrier_.lookup(&loop)) {
    return false;
  }
  const llvm::BasicBlock* block = place.getParent();
  if (block != loop.getHeader() &&
      !llvm::all_of(loop.getSubLoops(), [&](llvm::Loop* inner) { return facts(*inner).is_finite; })) {
    return false;
  }
  llvm::SmallVector<llvm::BasicBlock*, 8> exiting;
  loop.getExitingBlocks(exiting);
  return dominators_.dominates(block, loop.getLoopLatch()) &&
         llvm::all_of(exiting, [&](llvm::BasicBlock* from) { return dominators_.dominates(block, from); });
}

// An address that stays is told in front of a loop of however many rounds: the first one makes the access.
bool Hoister::stays(Hoisted& record, llvm::Loop& loop) {
  if (record.count != nullptr || !evolution_.isLoopInvariant(record.address, &loop) ||
      !is_in_each_round(*record.place, loop)) {
    return false;
  }
  Hoisted next = record;
  next.place = loop.getLoopPreheader()->getTerminator();
  if (!finds_address(next, loop)) {
    return false;
  }
  record = next;
  return true;
}

// Loops of loops, of calls, and of waiting for something.
bool Hoister::takes_long(llvm::Loop& loop) const {
  return !loop.getSubLoops().empty() || llvm::any_of(loop.blocks(), [](const llvm::BasicBlock* block) {
    return llvm::any_of(*block, [](const llvm::Instruction& one) {
      return one.isVolatile() || (llvm::isa<llvm::CallBase>(one) && !llvm::isa<llvm::IntrinsicInst>(one));
    });
  });
}

// An address that moves is told where the loop is left: then the number of its rounds is known.
bool Hoister::leaves(Hoisted& record, llvm::Loop& loop) {
  const auto* moving = llvm::dyn_cast<llvm::SCEVAddRecExpr>(record.address);
  if (record.count != nullptr || moving == nullptr || moving->getLoop() != &loop || !moving->isAffine() ||
      takes_long(loop) || !is_in_each_round(*record.place, loop)) {
    return false;
  }
  llvm::SmallVector<llvm::BasicBlock*, 8> exits;
  loop.getUniqueExitBlocks(exits);
  const llvm::SCEV* step = evolution_.getTruncateOrSignExtend(moving->getStepRecurrence(evolution_), word_);
  if (exits.empty() || exits.size() > kMostExits || llvm::any_of(exits, [](auto* exit) { return exit->isEHPad(); }) ||
      !can_expand(step, loop)) {
    return false;
  }
  Hoisted next = record;
  next.place = loop.getLoopPreheader()->getTerminator();
  next.address = moving->getStart();
  if (!finds_address(next, loop)) {
    return false;
  }
  next.stride = step;
  next.left = &loop;
  next.may_be_endless = !facts(loop).is_finite;
  record = next;
  return true;
}

std::optional<Hoisted> Hoister::hoist(const Access& access) {
  llvm::Loop* loop = loops_.getLoopFor(access.instruction->getParent());
  if (loop == nullptr || !evolution_.isSCEVable(access.address->getType())) {
    return std::nullopt;
  }
  Hoisted record{.access = access, .place = access.instruction, .address = evolution_.getSCEV(access.address)};
  bool moved = false;
  while (loop != nullptr && (climb(record, *loop) || stays(record, *loop))) {
    moved = true;
    loop = loop->getParentLoop();
  }
  moved |= loop != nullptr && leaves(record, *loop);
  return moved ? std::optional(record) : std::nullopt;
}

void count(const Hoisted& hoisted, Counts& counts) {
  const llvm::Instruction& where = *hoisted.access.instruction;
  counts.add(hoisted.left != nullptr    ? Count::exit_range
             : hoisted.count != nullptr ? Count::loop_range
                                        : Count::loop_address,
             where);
  if (hoisted.count != nullptr && hoisted.loops.size() > 1) {
    counts.add(Count::climbed_range, where);
  }
  if (hoisted.rows != nullptr) {
    counts.add(Count::matrix_range, where);
  }
}

}  // namespace

void find_loop_ranges(Selection& selection, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
                      llvm::DominatorTree& dominators) {
  if (loops.empty()) {
    return;
  }
  Hoister hoister(selection, loops, evolution, dominators);
  for (Run& run : selection.runs) {
    llvm::erase_if(run, [&](const Access& access) {
      const std::optional<Hoisted> hoisted = hoister.hoist(access);
      if (hoisted) {
        count(*hoisted, selection.counts);
        selection.hoisted.push_back(*hoisted);
      }
      return hoisted.has_value();
    });
  }
  llvm::erase_if(selection.runs, [](const Run& run) { return run.empty(); });
}

}  // namespace gordian::pass
