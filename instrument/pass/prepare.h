// SPDX-License-Identifier: Apache-2.0
// What has to be done before the optimiser runs, for code whose thread may change in the middle of a function:
//  - errno: __errno_location is declared `const`, so its result would be kept across calls; the attribute is taken
//    away.
//  - thread_local: llvm.threadlocal.address is pure, so addresses would be kept across calls. Each use asks a small
//    opaque function instead, which reads state that any unknown call may change.
//  - __libc_single_threaded reads as false: a program is not single-threaded because all its goroutines run on one
//    thread, and libstdc++ drops its atomics when the variable is true.
// And for what is asked later of LLVM:
//  - noescape is taken away: a call that starts threads, gives them the pointer and joins them may say so of it, too,
//    and the object is not private (private_objects.h). What LLVM finds out itself comes after this.
#pragma once

#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/PassManager.h>

namespace gordian::pass {

class Prepare : public llvm::PassInfoMixin<Prepare> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

// The thread_local variable whose address this value is, or null.
[[nodiscard]] const llvm::GlobalVariable* thread_local_variable(const llvm::Value* value);
// True if value is the address of a thread_local variable that is only loaded and stored in this module: its address
// never leaves the thread, and goroutines on one thread take turns.
[[nodiscard]] bool is_private_thread_local(const llvm::Value* value);

}  // namespace gordian::pass
