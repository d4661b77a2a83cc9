// SPDX-License-Identifier: Apache-2.0
// The runtime's hooks as LLVM functions, declared on first use. Names and types come from hooks.def: the C signature of
// each entry is turned into an LLVM function type at compile time, so pass and runtime cannot disagree.
#pragma once

#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Module.h>

namespace gordian::pass {

enum class Hook {
#define GORDIAN_HOOK(result, name, parameters) name,
#include "runtime/abi/hooks.def"
#undef GORDIAN_HOOK
};

class HookTable {
 public:
  explicit HookTable(llvm::Module& module) : module_(module) {}

  [[nodiscard]] llvm::FunctionCallee get(Hook hook) const;

 private:
  llvm::Module& module_;
};

}  // namespace gordian::pass
