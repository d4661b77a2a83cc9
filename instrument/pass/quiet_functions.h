// SPDX-License-Identifier: Apache-2.0
// Functions of a module that synchronise with nobody, throw nothing, give back no memory and return: what a caller
// accesses before and after calling one lies in one epoch, as if there was no call. They record accesses and frames
// like any other. Found as the greatest set whose members call only each other and what is known to be as quiet: so
// functions that call themselves are among them.
//
// Functions that another definition may replace are not (llvm::GlobalValue::isInterposable). A function returns if its
// loops have an end; LLVM's word for it (willreturn) is not enough, which takes a racy spin for one that ends. One that
// calls itself for ever is ended by the overflow of its stack, a fault, as a loop is (loop_ranges.h): so what leaves no
// frame behind, a tail call that must be one or a function that is not instrumented, is not quiet.
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
