// SPDX-License-Identifier: Apache-2.0
// Pointers that a function is given only by callers to whom what they point to is private (private_objects.h): the
// place of a result, an object of the caller's frame whose member function was not inlined. The callee keeps no copy,
// or the object would not be private to the caller; so no other thread can name it during the call either, and no
// access through the argument can race.
//
// All callers have to be known: the function is the module's own and only ever called by name. Found as the greatest
// set whose members are given private objects and each other, so arguments that a function hands on to itself are
// among them.
#pragma once

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/Argument.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>

namespace gordian::pass {

class PrivateArguments {
 public:
  PrivateArguments() = default;  // none
  PrivateArguments(llvm::Module& module, llvm::FunctionAnalysisManager& analyses);
  [[nodiscard]] bool contain(const llvm::Argument& argument) const { return arguments_.contains(&argument); }

 private:
  [[nodiscard]] bool is_given_private(const llvm::Argument& argument, llvm::FunctionAnalysisManager& analyses) const;

  llvm::SmallPtrSet<const llvm::Argument*, 32> arguments_;
};

}  // namespace gordian::pass
