// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/covered.h"

#include <llvm/ADT/BitVector.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/Module.h>

#include <utility>

namespace gordian::pass {
namespace {

// Sets of keys are kept for each key and each block: a function with more goes without.
constexpr std::size_t kMostKeys = 2048;
constexpr std::size_t kMostBits = std::size_t{1} << 26;

// Bytes [offset, offset + size) from the base.
struct Key {
  const llvm::Value* base = nullptr;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  bool writes = false;

  [[nodiscard]] bool covers(const Key& other) const {
    return base == other.base && (writes || !other.writes) && offset <= other.offset &&
           offset + size >= other.offset + other.size;
  }
  friend bool operator==(const Key&, const Key&) = default;
};

class CoveredFinder {
 public:
  CoveredFinder(llvm::Function& function, Selection& selection);
  void find();

 private:
  // What matters of a block, in its order: an access, a barrier, a value that is the base of keys.
  struct Step {
    Access* access = nullptr;
    const llvm::Value* value = nullptr;  // neither: a barrier
  };
  using Steps = llvm::SmallVector<Step, 8>;

  std::size_t number_of(const Access& access) const { return numbers_.lookup(&access); }
  void number(Access& access, const llvm::DataLayout& layout);
  void relate_keys();
  Steps steps_of(llvm::BasicBlock& block);
  void pass(const Step& step, llvm::BitVector& available) const;
  [[nodiscard]] llvm::BitVector at_entry(const llvm::BasicBlock& block) const;
  void find_available();
  void drop_forward();
  void drop_backward(Run& run);
  void count(const Access& access, Count how);
  void name_those_that_stand();

  llvm::Function& function_;
  Selection& selection_;
  llvm::SmallVector<Key, 32> keys_;
  llvm::SmallVector<llvm::BitVector, 32> covered_;  // by key: those that it covers, itself included
  llvm::DenseMap<const llvm::Value*, llvm::SmallVector<std::size_t, 4>> of_base_;
  llvm::DenseMap<const Access*, std::size_t> numbers_;  // their keys
  llvm::DenseMap<const llvm::Instruction*, llvm::SmallVector<Access*, 2>> accesses_;
  llvm::SmallPtrSet<const llvm::Instruction*, 16> barriers_;
  llvm::SmallVector<std::pair<llvm::BasicBlock*, Steps>, 16> blocks_;  // in reverse post-order
  llvm::DenseMap<const llvm::BasicBlock*, llvm::BitVector> at_end_;
};

CoveredFinder::CoveredFinder(llvm::Function& function, Selection& selection)
    : function_(function), selection_(selection) {
  const llvm::DataLayout& layout = function.getParent()->getDataLayout();
  for (Run& run : selection.runs) {
    for (Access& access : run) {
      number(access, layout);
    }
  }
  barriers_.insert(selection.barriers.begin(), selection.barriers.end());
}

void CoveredFinder::number(Access& access, const llvm::DataLayout& layout) {
  std::int64_t offset = 0;
  const llvm::Value* base = llvm::GetPointerBaseWithConstantOffset(access.address, offset, layout);
  const Key key{base, offset, static_cast<std::int64_t>(access.size), trace::AccessKind::write == access.kind};
  llvm::SmallVector<std::size_t, 4>& of_base = of_base_[base];
  auto* known = llvm::find_if(of_base, [&](std::size_t number) { return keys_[number] == key; });
  if (known == of_base.end()) {
    of_base.push_back(keys_.size());
    known = std::prev(of_base.end());
    keys_.push_back(key);
  }
  numbers_[&access] = *known;
  accesses_[access.instruction].push_back(&access);
}

void CoveredFinder::relate_keys() {
  covered_.resize(keys_.size(), llvm::BitVector(static_cast<unsigned>(keys_.size())));
  for (const auto& [base, numbers] : of_base_) {
    for (const std::size_t one : numbers) {
      for (const std::size_t other : numbers) {
        if (keys_[one].covers(keys_[other])) {
          covered_[one].set(static_cast<unsigned>(other));
        }
      }
    }
  }
}

CoveredFinder::Steps CoveredFinder::steps_of(llvm::BasicBlock& block) {
  Steps steps;
  for (llvm::Instruction& instruction : block) {
    if (barriers_.contains(&instruction)) {
      steps.push_back({});
    }
    if (const auto found = accesses_.find(&instruction); found != accesses_.end()) {
      for (Access* access : found->second) {
        steps.push_back({access, nullptr});
      }
    }
    if (of_base_.contains(&instruction)) {
      steps.push_back({nullptr, &instruction});
    }
  }
  return steps;
}

void CoveredFinder::pass(const Step& step, llvm::BitVector& available) const {
  if (step.access != nullptr) {
    available |= covered_[number_of(*step.access)];
  } else if (step.value != nullptr) {
    for (const std::size_t number : of_base_.find(step.value)->second) {
      available.reset(static_cast<unsigned>(number));
    }
  } else {
    available.reset();
  }
}

// What every way into the block has; of a way that was not looked at yet, everything.
llvm::BitVector CoveredFinder::at_entry(const llvm::BasicBlock& block) const {
  if (&block == &function_.getEntryBlock()) {
    return llvm::BitVector(static_cast<unsigned>(keys_.size()));
  }
  llvm::BitVector available(static_cast<unsigned>(keys_.size()), true);
  for (const llvm::BasicBlock* before : llvm::predecessors(&block)) {
    if (const auto found = at_end_.find(before); found != at_end_.end()) {
      available &= found->second;
    }
  }
  return available;
}

void CoveredFinder::find_available() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [block, steps] : blocks_) {
      llvm::BitVector available = at_entry(*block);
      for (const Step& step : steps) {
        pass(step, available);
      }
      llvm::BitVector& known = at_end_[block];
      if (known.size() != available.size() || known != available) {
        known = std::move(available);
        changed = true;
      }
    }
  }
}

void CoveredFinder::drop_forward() {
  for (const auto& [block, steps] : blocks_) {
    llvm::BitVector available = at_entry(*block);
    for (const Step& step : steps) {
      if (step.access != nullptr) {
        step.access->is_covered = available.test(static_cast<unsigned>(number_of(*step.access)));
        count(*step.access, Count::covered_forward);
      }
      pass(step, available);
    }
  }
}

void CoveredFinder::count(const Access& access, Count how) {
  if (access.is_covered) {
    selection_.counts.add(how, *access.instruction);
  }
}

// Only those that stay can stand for others.
void CoveredFinder::drop_backward(Run& run) {
  for (std::size_t i = run.size(); i-- > 0;) {
    if (run[i].is_covered) {
      continue;
    }
    const Key& key = keys_[number_of(run[i])];
    for (std::size_t later = i + 1; !run[i].is_covered && later < run.size(); ++later) {
      run[i].is_covered = !run[later].is_covered && keys_[number_of(run[later])].covers(key);
    }
    count(run[i], Count::covered_backward);
  }
}

// The nearest: in its run, else the last one before it, else any.
void CoveredFinder::name_those_that_stand() {
  llvm::DenseMap<const llvm::Value*, llvm::SmallVector<Access*, 4>> kept;
  llvm::SmallVector<Access*, 16> order;
  for (const auto& [block, steps] : blocks_) {
    for (const Step& step : steps) {
      if (step.access == nullptr) {
        continue;
      }
      order.push_back(step.access);
      if (!step.access->is_covered) {
        kept[keys_[number_of(*step.access)].base].push_back(step.access);
      }
    }
  }
  llvm::DenseMap<const Access*, std::size_t> places;
  for (const auto& [place, access] : llvm::enumerate(order)) {
    places[access] = place;
  }
  for (Access* access : order) {
    if (!access->is_covered) {
      continue;
    }
    const Key& key = keys_[number_of(*access)];
    const llvm::BasicBlock* block = access->instruction->getParent();
    const auto rank = [&](const Access* other) {
      const bool is_before = places.lookup(other) < places.lookup(access);
      return other->instruction->getParent() == block ? 2 : is_before ? 1 : 0;
    };
    const Access* best = nullptr;
    for (const Access* other : kept[key.base]) {
      const bool stands = keys_[number_of(*other)].covers(key);
      best = stands && (best == nullptr || rank(other) >= rank(best)) ? other : best;
    }
    access->covered_by = best;
  }
}

void CoveredFinder::find() {
  if (keys_.empty() || keys_.size() > kMostKeys || keys_.size() * function_.size() > kMostBits) {
    return;
  }
  relate_keys();
  for (llvm::BasicBlock* block : llvm::ReversePostOrderTraversal<llvm::Function*>(&function_)) {
    blocks_.emplace_back(block, steps_of(*block));
  }
  find_available();
  drop_forward();
  llvm::for_each(selection_.runs, [&](Run& run) { drop_backward(run); });
  name_those_that_stand();
}

}  // namespace

void find_covered(llvm::Function& function, Selection& selection) { CoveredFinder(function, selection).find(); }

}  // namespace gordian::pass
