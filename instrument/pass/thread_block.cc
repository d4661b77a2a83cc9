// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/thread_block.h"

#include <llvm/IR/InlineAsm.h>

#include <cstddef>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {
namespace {

constexpr unsigned kSegmentFs = 257;

llvm::Value* field_at(llvm::IRBuilder<>& builder, llvm::Value* distance, std::size_t offset, const llvm::Twine& name) {
  llvm::Value* address = builder.CreateAdd(distance, builder.getInt64(offset));
  return builder.CreateIntToPtr(address, builder.getPtrTy(kSegmentFs), name);
}

}  // namespace

ThreadBlock ThreadBlock::at(llvm::IRBuilder<>& builder) {
  // Initial-exec: one load from the GOT. Neither side effects nor memory, so it may be moved, merged and repeated
  // freely.
  auto* type = llvm::FunctionType::get(builder.getInt64Ty(), false);
  auto* code = llvm::InlineAsm::get(type, "movq gordian_rt_thread@gottpoff(%rip), $0", "=r", false);
  llvm::CallInst* distance = builder.CreateCall(type, code, {}, "gordian.distance");
  distance->setDoesNotThrow();
  distance->setDoesNotAccessMemory();
  return {field_at(builder, distance, offsetof(gordian_rt_thread_block, access_cursor), "gordian.cursor"),
          field_at(builder, distance, offsetof(gordian_rt_thread_block, access_limit), "gordian.limit"),
          field_at(builder, distance, offsetof(gordian_rt_thread_block, frame_top), "gordian.frame_top"),
          field_at(builder, distance, offsetof(gordian_rt_thread_block, foreign), "gordian.foreign")};
}

llvm::Value* ThreadBlock::load(llvm::IRBuilder<>& builder, llvm::Value* field, const llvm::Twine& name) const {
  return builder.CreateAlignedLoad(builder.getPtrTy(), field, llvm::Align(8), name);
}

void ThreadBlock::store(llvm::IRBuilder<>& builder, llvm::Value* value, llvm::Value* field) {
  builder.CreateAlignedStore(value, field, llvm::Align(8));
}

}  // namespace gordian::pass
