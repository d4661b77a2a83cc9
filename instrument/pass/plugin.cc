// SPDX-License-Identifier: Apache-2.0
// Gordian's instrumentation as a plugin of the new pass manager:
//   clang++ -Xclang -fsanitize=thread -fpass-plugin=libgordian_pass.so ...     (what gordian-clang++ does)
//   opt -load-pass-plugin=libgordian_pass.so -passes=gordian-prepare,gordian   (for tests)
// The work is done at OptimizerEarly: after inlining and simplification, before loops are vectorised; the pre-link
// pipelines of (Thin)LTO have that point too. At -O0 coroutines are split only after it, so there OptimizerLast is the
// place.
#include <llvm/Passes/PassBuilder.h>

#include "instrument/pass/instrument.h"
#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/prepare.h"

namespace gordian::pass {
namespace {

void add_early(llvm::ModulePassManager& passes, llvm::OptimizationLevel level) {
  if (level != llvm::OptimizationLevel::O0) {
    passes.addPass(Instrument());
  }
}

void add_last(llvm::ModulePassManager& passes, llvm::OptimizationLevel level) {
  if (level == llvm::OptimizationLevel::O0) {
    passes.addPass(Instrument());
  }
  passes.addPass(ReplaceThreadSanitizer());
}

void register_passes(llvm::PassBuilder& builder) {
  builder.registerPipelineStartEPCallback(
      [](llvm::ModulePassManager& passes, llvm::OptimizationLevel) { passes.addPass(Prepare()); });
  builder.registerOptimizerEarlyEPCallback(compat::whatever_the_phase(add_early));
  builder.registerOptimizerLastEPCallback(compat::whatever_the_phase(add_last));
  builder.registerPipelineParsingCallback(
      [](llvm::StringRef name, llvm::ModulePassManager& passes, llvm::ArrayRef<llvm::PassBuilder::PipelineElement>) {
        if (name == "gordian-prepare") {
          passes.addPass(Prepare());
          return true;
        }
        if (name == "gordian") {
          passes.addPass(Instrument());
          return true;
        }
        return false;
      });
}

}  // namespace
}  // namespace gordian::pass

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT llvm::PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "GordianPass", "0.1.0", gordian::pass::register_passes};
}
