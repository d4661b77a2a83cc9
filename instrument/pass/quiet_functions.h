// SPDX-License-Identifier: Apache-2.0
// Functions of a module that synchronise with nobody, throw nothing, give back no memory and return: what a caller
// accesses before and after calling one lies in one epoch, as if there was no call. They record accesses and frames
// like any other. Found as the greatest set whose members call only each other and what is known to be as quiet: so
// functions that call themselves are among them.
//
// Functions that another definition may replace are not (llvm::GlobalValue::isInterposable). A function returns if LLVM
// says so (willreturn) or if its loops have an end; a fault, also that of a stack that overflows, ends it all the same,
// as it ends a loop (loop_ranges.h).
#pragma once

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>

namespace gordian::pass {

class QuietFunctions {
 public:
  QuietFunctions(llvm::Module& module, llvm::FunctionAnalysisManager& analyses);
  [[nodiscard]] bool is_called_by(const llvm::CallBase& call) const;

 private:
  [[nodiscard]] bool is_quiet(const llvm::Instruction& instruction, const llvm::TargetLibraryInfo& library) const;

  llvm::SmallPtrSet<const llvm::Function*, 32> functions_;
};

}  // namespace gordian::pass
