// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/frames.h"

#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Intrinsics.h>

#include <cstddef>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {

// A must-tail call takes the place of its return.
llvm::Instruction* exit_of(llvm::BasicBlock& block) {
  llvm::Instruction* terminator = block.getTerminator();
  if (llvm::isa<llvm::ResumeInst>(terminator)) {
    return terminator;
  }
  if (!llvm::isa<llvm::ReturnInst>(terminator)) {
    return nullptr;
  }
  llvm::CallInst* tail = block.getTerminatingMustTailCall();
  return tail == nullptr ? terminator : tail;
}

void Frame::set_top(llvm::IRBuilder<>& builder, llvm::Value* top) const {
  ThreadBlock::store(builder, top, thread_.frame_top);
  ThreadBlock::store(builder, llvm::ConstantPointerNull::get(builder.getPtrTy()), thread_.limit);
}

Frame Frame::push(llvm::IRBuilder<>& builder, const ThreadBlock& thread, llvm::Constant* function_id) {
  Frame frame;
  frame.thread_ = thread;
  frame.frame_ = thread.load(builder, thread.frame_top, "frame");
  llvm::Value* return_address =
      builder.CreateIntrinsic(llvm::Intrinsic::addressofreturnaddress, {builder.getPtrTy()}, {});
  const auto put = [&](llvm::Value* value, std::size_t offset) {
    builder.CreateAlignedStore(value, builder.CreateConstGEP1_64(builder.getInt8Ty(), frame.frame_, offset),
                               llvm::Align(8));
  };
  put(function_id, offsetof(gordian_rt_frame, function));
  put(return_address, offsetof(gordian_rt_frame, address));
  // call_site and recorded in one store.
  put(builder.getInt64(0), offsetof(gordian_rt_frame, call_site));
  frame.next_ = builder.CreateConstGEP1_64(builder.getInt8Ty(), frame.frame_, sizeof(gordian_rt_frame), "next_frame");
  frame.set_top(builder, frame.next_);
  return frame;
}

void Frame::note_call(llvm::CallBase& call, std::uint32_t number) const {
  llvm::IRBuilder<> builder(&call);
  llvm::Value* field = builder.CreateConstGEP1_64(builder.getInt8Ty(), frame_, offsetof(gordian_rt_frame, call_site));
  builder.CreateAlignedStore(builder.getInt32(number), field, llvm::Align(8));
}

void Frame::pop(llvm::Instruction& before) const {
  llvm::IRBuilder<> builder(&before);
  set_top(builder, frame_);
}

void Frame::restore(llvm::Instruction& before) const {
  llvm::IRBuilder<> builder(&before);
  set_top(builder, next_);
  // An exception has left the library that was being called.
  ThreadBlock::store(builder, llvm::ConstantPointerNull::get(builder.getPtrTy()), thread_.foreign);
}

void Frame::restore_everywhere(llvm::Function& function) const {
  llvm::SmallVector<llvm::Instruction*, 4> arrivals;
  for (llvm::Instruction& instruction : llvm::instructions(function)) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (llvm::isa<llvm::LandingPadInst>(instruction) ||
        (call != nullptr && call->hasFnAttr(llvm::Attribute::ReturnsTwice))) {
      arrivals.push_back(instruction.getNextNode());
    }
  }
  for (llvm::Instruction* arrival : arrivals) {
    restore(*arrival);
  }
  for (llvm::BasicBlock& block : function) {
    if (llvm::Instruction* exit = exit_of(block)) {
      pop(*exit);
    }
  }
}

}  // namespace gordian::pass
