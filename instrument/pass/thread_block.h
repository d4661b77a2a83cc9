// SPDX-License-Identifier: Apache-2.0
// The fields of gordian_rt_thread as pointers into the segment-relative address space (x86-64: 257 is %fs). What a
// function keeps is the distance from the thread pointer, the same in every thread; the thread pointer itself is added
// by each load and store anew. So no thread's address lives across a call, at whatever optimisation level (a goroutine
// may come back on another thread).
#pragma once

#include <llvm/IR/IRBuilder.h>

namespace gordian::pass {

struct ThreadBlock {
  llvm::Value* cursor = nullptr;
  llvm::Value* limit = nullptr;
  llvm::Value* frame_top = nullptr;
  llvm::Value* foreign = nullptr;

  // Computes the pointers at the builder's position, which must dominate all uses.
  static ThreadBlock at(llvm::IRBuilder<>& builder);

  [[nodiscard]] llvm::Value* load(llvm::IRBuilder<>& builder, llvm::Value* field, const llvm::Twine& name) const;
  static void store(llvm::IRBuilder<>& builder, llvm::Value* value, llvm::Value* field);
};

}  // namespace gordian::pass
