// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/quiet_functions.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include "instrument/pass/calls.h"
#include "instrument/pass/options.h"
#include "instrument/pass/reducible.h"

namespace gordian::pass {
namespace {

bool has_endless_loop(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  return !is_reducible(function, loops) || llvm::any_of(loops.getLoopsInPreorder(), [&](const llvm::Loop* loop) {
    return llvm::isa<llvm::SCEVCouldNotCompute>(evolution.getSymbolicMaxBackedgeTakenCount(loop));
  });
}

bool may_be_quiet(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  return !function.isDeclaration() && !function.isInterposable() && function.doesNotThrow() &&
         function.hasFnAttribute(llvm::Attribute::SanitizeThread) && !function.isPresplitCoroutine() &&
         !function.hasFnAttribute(llvm::Attribute::Naked) && !has_endless_loop(function, analyses);
}

}  // namespace

QuietFunctions::QuietFunctions(llvm::Module& module, llvm::FunctionAnalysisManager& analyses) {
  if (!looks_for_quiet_functions()) {
    return;
  }
  for (llvm::Function& function : module) {
    if (may_be_quiet(function, analyses)) {
      functions_.insert(&function);
    }
  }
  bool has_changed = !functions_.empty();
  while (has_changed) {
    has_changed = false;
    for (llvm::Function& function : module) {
      if (!functions_.contains(&function)) {
        continue;
      }
      const auto& library = analyses.getResult<llvm::TargetLibraryAnalysis>(function);
      if (!llvm::all_of(llvm::instructions(function), [&](const auto& one) { return is_quiet(one, library); })) {
        functions_.erase(&function);
        has_changed = true;
      }
    }
  }
}

bool QuietFunctions::is_called_by(const llvm::CallBase& call) const {
  const llvm::Function* callee = call.getCalledFunction();
  return callee != nullptr && functions_.contains(callee);
}

bool QuietFunctions::is_quiet(const llvm::Instruction& instruction, const llvm::TargetLibraryInfo& library) const {
  if (const auto* copy = llvm::dyn_cast<llvm::AnyMemIntrinsic>(&instruction)) {
    return llvm::isa<llvm::MemIntrinsic>(copy) && !copy->isVolatile();  // not one of the atomic ones
  }
  if (const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
    return !call->isMustTailCall() && (is_called_by(*call) || !may_record(*call, library));
  }
  return !instruction.isAtomic() && !instruction.isVolatile();
}

}  // namespace gordian::pass
