// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/atomics.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/Support/MathExtras.h>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"
#include "runtime/trace/event.h"

namespace gordian::pass {
namespace {

using trace::AtomicOp;
using trace::AtomicOrder;

AtomicOrder order_of(llvm::AtomicOrdering ordering) {
  switch (ordering) {
    case llvm::AtomicOrdering::NotAtomic:
    case llvm::AtomicOrdering::Unordered:
    case llvm::AtomicOrdering::Monotonic:
      return AtomicOrder::relaxed;
    case llvm::AtomicOrdering::Acquire:
      return AtomicOrder::acquire;
    case llvm::AtomicOrdering::Release:
      return AtomicOrder::release;
    case llvm::AtomicOrdering::AcquireRelease:
      return AtomicOrder::acq_rel;
    case llvm::AtomicOrdering::SequentiallyConsistent:
      return AtomicOrder::seq_cst;
  }
  llvm_unreachable("no such ordering");
}

std::uint32_t info_of(AtomicOp op, llvm::AtomicOrdering order, llvm::AtomicOrdering failure, std::uint64_t size) {
  return gordian_rt_atomic_info(static_cast<std::uint32_t>(op), static_cast<std::uint32_t>(order_of(order)),
                                static_cast<std::uint32_t>(order_of(failure)), llvm::Log2_64_Ceil(size));
}

std::uint32_t info_of(const Access& atomic) {
  const llvm::Instruction* instruction = atomic.instruction;
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(instruction)) {
    return info_of(AtomicOp::load, load->getOrdering(), llvm::AtomicOrdering::NotAtomic, atomic.size);
  }
  if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(instruction)) {
    return info_of(AtomicOp::store, store->getOrdering(), llvm::AtomicOrdering::NotAtomic, atomic.size);
  }
  if (const auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(instruction)) {
    return info_of(AtomicOp::rmw, exchange->getSuccessOrdering(), exchange->getFailureOrdering(), atomic.size);
  }
  const auto* update = llvm::cast<llvm::AtomicRMWInst>(instruction);
  return info_of(AtomicOp::rmw, update->getOrdering(), llvm::AtomicOrdering::NotAtomic, atomic.size);
}

}  // namespace

void wrap_as_atomic(llvm::Instruction& first, llvm::Instruction& last, const Access& access, std::uint32_t info,
                    const HookTable& hooks) {
  llvm::IRBuilder<> before(&first);
  before.CreateCall(hooks.get(Hook::gordian_rt_atomic_begin), {access.address});
  llvm::IRBuilder<> after(last.getNextNode());
  after.SetCurrentDebugLocation(last.getDebugLoc());
  llvm::Value* success = after.getInt32(1);
  if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&last)) {
    success = after.CreateZExt(after.CreateExtractValue(exchange, 1), after.getInt32Ty());
  }
  after.CreateCall(hooks.get(Hook::gordian_rt_atomic_end),
                   {access.address, after.getInt32(access.site), after.getInt32(info), success});
}

void wrap_atomic(const Access& atomic, const HookTable& hooks) {
  wrap_as_atomic(*atomic.instruction, *atomic.instruction, atomic, info_of(atomic), hooks);
}

void announce_fence(llvm::FenceInst& fence, const HookTable& hooks) {
  llvm::IRBuilder<> builder(&fence);
  builder.CreateCall(hooks.get(Hook::gordian_rt_fence),
                     {builder.getInt32(static_cast<std::uint32_t>(order_of(fence.getOrdering())))});
}

}  // namespace gordian::pass
