// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/static_guards.h"

#include <llvm/IR/IRBuilder.h>

#include "instrument/pass/atomics.h"
#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"
#include "runtime/trace/event.h"

namespace gordian::pass {
namespace {

constexpr llvm::StringLiteral kAcquire = "__cxa_guard_acquire";
constexpr llvm::StringLiteral kRelease = "__cxa_guard_release";

std::uint32_t info_of(trace::AtomicOp op, trace::AtomicOrder order) {
  return gordian_rt_atomic_info(static_cast<std::uint32_t>(op), static_cast<std::uint32_t>(order), 0, 0);
}

}  // namespace

bool is_static_guard_call(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  return callee != nullptr && call.arg_size() == 1 && llvm::isa<llvm::CallInst>(call) &&
         (callee->getName() == kAcquire || callee->getName() == kRelease);
}

Access static_guard_access(llvm::CallBase& call) {
  const bool release = call.getCalledFunction()->getName() == kRelease;
  return {&call, call.getArgOperand(0), 1, nullptr,
          release ? trace::AccessKind::atomic_write : trace::AccessKind::atomic_read};
}

void record_static_guard(const Access& guard, const HookTable& hooks) {
  if (guard.kind == trace::AccessKind::atomic_write) {
    const std::uint32_t info = info_of(trace::AtomicOp::store, trace::AtomicOrder::release);
    wrap_as_atomic(*guard.instruction, *guard.instruction, guard, info, hooks);
    return;
  }
  llvm::IRBuilder<> builder(guard.instruction->getNextNode());
  builder.SetCurrentDebugLocation(guard.instruction->getDebugLoc());
  llvm::LoadInst* load = builder.CreateAlignedLoad(builder.getInt8Ty(), guard.address, llvm::Align(1));
  load->setAtomic(llvm::AtomicOrdering::Acquire);
  wrap_as_atomic(*load, *load, guard, info_of(trace::AtomicOp::load, trace::AtomicOrder::acquire), hooks);
}

}  // namespace gordian::pass
