// SPDX-License-Identifier: Apache-2.0
// The one place that looks at LLVM's version. The pass is built from one source against LLVM 19 or 22; a plugin is
// loaded by exactly the clang that it was built for, so another version is refused here, with a sentence, rather than
// by the dynamic linker. What changed between the two has one name here.
#pragma once

#include <llvm/ADT/APInt.h>
#include <llvm/ADT/MapVector.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Analysis/CaptureTracking.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/Attributes.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/PassManager.h>
#include <llvm/Passes/OptimizationLevel.h>
#include <llvm/Transforms/Utils/ScalarEvolutionExpander.h>

#if LLVM_VERSION_MAJOR == 19
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Passes/PassPlugin.h>
#elif LLVM_VERSION_MAJOR == 22
#include <llvm/Pass.h>
#include <llvm/Plugins/PassPlugin.h>
#else
#error "Gordian's pass needs LLVM 19 or 22: configure with -DGORDIAN_LLVM=19"
#endif

namespace gordian::pass::compat {

// Adds passes at a point of the pipeline.
using AddPasses = void (*)(llvm::ModulePassManager& passes, llvm::OptimizationLevel level);

#if LLVM_VERSION_MAJOR == 19
using VariableOffsets = llvm::MapVector<llvm::Value*, llvm::APInt>;

inline void find_debug_values(llvm::Value& of, llvm::SmallVectorImpl<llvm::DbgVariableRecord*>& records) {
  llvm::SmallVector<llvm::DbgValueInst*, 1> none;
  llvm::findDbgValues(none, &of, &records);
}

// Says of a pointer whether it is captured, by being returned or stored as well (llvm::PointerMayBeCaptured).
struct Captures : llvm::CaptureTracker {
  bool found = false;
  void tooManyUses() override { found = true; }
  bool captured(const llvm::Use*) override { return found = true; }
};

// Of a parameter: what of it outlives the call.
inline constexpr llvm::Attribute::AttrKind kCaptures = llvm::Attribute::NoCapture;

inline AddPasses whatever_the_phase(AddPasses add) { return add; }

inline llvm::SCEVExpander expander(llvm::ScalarEvolution& evolution) {
  return llvm::SCEVExpander(evolution, evolution.getDataLayout(), "gordian");
}
#else
using VariableOffsets = llvm::SmallMapVector<llvm::Value*, llvm::APInt, 4>;

inline void find_debug_values(llvm::Value& of, llvm::SmallVectorImpl<llvm::DbgVariableRecord*>& records) {
  llvm::findDbgValues(&of, records);
}

struct Captures : llvm::CaptureTracker {
  bool found = false;
  void tooManyUses() override { found = true; }
  Action captured(const llvm::Use*, llvm::UseCaptureInfo) override {
    found = true;
    return Stop;
  }
};

inline constexpr llvm::Attribute::AttrKind kCaptures = llvm::Attribute::Captures;

// This version also tells the phase of link-time optimisation.
inline auto whatever_the_phase(AddPasses add) {
  return [add](llvm::ModulePassManager& passes, llvm::OptimizationLevel level, llvm::ThinOrFullLTOPhase) {
    add(passes, level);
  };
}

inline llvm::SCEVExpander expander(llvm::ScalarEvolution& evolution) {
  return llvm::SCEVExpander(evolution, "gordian");
}
#endif

}  // namespace gordian::pass::compat
