// SPDX-License-Identifier: Apache-2.0
// The shadow stack. A function that has access sites, or calls that may record, pushes one frame at entry, notes the
// number of the call before each such call, and pops at every exit. Wherever control can arrive with a foreign frame on
// top (a landing pad, the second return of setjmp) the top is set back. limit = 0 goes with each change of the top: the
// next append then writes the stack delta first.
#pragma once

#include <llvm/IR/Function.h>

#include "instrument/pass/thread_block.h"

namespace gordian::pass {

// The instruction before which a function's frame has to be gone, if control leaves the function at the block's end.
[[nodiscard]] llvm::Instruction* exit_of(llvm::BasicBlock& block);

class Frame {
 public:
  // Pushes: `function_id` is the address of the function's element of the unit's function_ids.
  static Frame push(llvm::IRBuilder<>& builder, const ThreadBlock& thread, llvm::Constant* function_id);

  void note_call(llvm::CallBase& call, std::uint32_t number) const;
  // Exits, landing pads and returns_twice calls of the function.
  void restore_everywhere(llvm::Function& function) const;

 private:
  void pop(llvm::Instruction& before) const;
  void restore(llvm::Instruction& before) const;
  void set_top(llvm::IRBuilder<>& builder, llvm::Value* top) const;

  ThreadBlock thread_;
  llvm::Value* frame_ = nullptr;
  llvm::Value* next_ = nullptr;
};

}  // namespace gordian::pass
