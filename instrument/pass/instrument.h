// SPDX-License-Identifier: Apache-2.0
// The module pass: selects, names and numbers the sites of every function, then puts the recording in. All naming is
// done before anything is changed, so that names never depend on the pass's own code.
#pragma once

#include <llvm/IR/PassManager.h>

namespace gordian::pass {

class Instrument : public llvm::PassInfoMixin<Instrument> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

// Runs right before clang's ThreadSanitizer, which adds a constructor that calls __tsan_init, unless it finds its
// constructor in the module. It finds this one: a body that is never emitted.
class ReplaceThreadSanitizer : public llvm::PassInfoMixin<ReplaceThreadSanitizer> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace gordian::pass
