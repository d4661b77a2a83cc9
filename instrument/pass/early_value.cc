// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/early_value.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/Instructions.h>

namespace gordian::pass {
namespace {

// Arithmetic that does no harm wherever it is done.
bool is_plain(const llvm::Instruction& instruction) {
  if (const auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(&instruction)) {
    return !binary->isIntDivRem();
  }
  return llvm::isa<llvm::CastInst, llvm::GetElementPtrInst>(instruction);
}

}  // namespace

bool EarlyValue::is_there(const llvm::Value& value) const {
  const auto* instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  return instruction == nullptr || dominators_.dominates(instruction, &place_);
}

llvm::Value* EarlyValue::at_start(llvm::PHINode& phi) const {
  for (const llvm::Loop* loop : loops_) {
    if (phi.getParent() == loop->getHeader()) {
      return phi.getIncomingValueForBlock(loop->getLoopPreheader());
    }
  }
  return nullptr;
}

bool EarlyValue::can_make(llvm::Value& value, unsigned instructions) {
  llvm::SmallVector<llvm::Value*, 8> rest{&value};
  llvm::SmallPtrSet<llvm::Value*, 16> seen;
  while (!rest.empty()) {
    llvm::Value* const next = rest.pop_back_val();
    if (is_there(*next) || !seen.insert(next).second) {
      continue;
    }
    if (auto* phi = llvm::dyn_cast<llvm::PHINode>(next)) {
      llvm::Value* const start = at_start(*phi);
      if (start == nullptr) {
        return false;
      }
      rest.push_back(start);
      continue;
    }
    auto* instruction = llvm::cast<llvm::Instruction>(next);
    if (!is_plain(*instruction) || instructions-- == 0) {
      return false;
    }
    rest.append(instruction->op_begin(), instruction->op_end());
  }
  return true;
}

llvm::Value* EarlyValue::make(llvm::Value& value) {
  if (is_there(value)) {
    return &value;
  }
  if (llvm::Value* const known = made_.lookup(&value)) {
    return known;
  }
  if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&value)) {
    return made_[&value] = make(*at_start(*phi));
  }
  llvm::Instruction* const copy = llvm::cast<llvm::Instruction>(value).clone();
  for (llvm::Use& operand : copy->operands()) {
    operand = make(*operand.get());
  }
  copy->dropUnknownNonDebugMetadata();
  copy->insertBefore(place_.getIterator());
  return made_[&value] = copy;
}

}  // namespace gordian::pass
