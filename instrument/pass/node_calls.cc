// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/node_calls.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {
namespace {

constexpr unsigned kOperands = 4;  // of the hook

struct Helper {
  llvm::StringLiteral name;
  unsigned parameters;
  unsigned named;
};

constexpr Helper kHelpers[] = {
#define GORDIAN_NODE_HELPER(name, linkage_name, parameters, named) {linkage_name, parameters, named},
#include "runtime/abi/node_helpers.def"
#undef GORDIAN_NODE_HELPER
};

}  // namespace

std::optional<NodeCall> node_call(llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration() || !callee->getName().starts_with("_Z") || call.isMustTailCall()) {
    return std::nullopt;
  }
  for (const auto& [index, helper] : llvm::enumerate(kHelpers)) {
    if (callee->getName() == helper.name && call.arg_size() == helper.parameters) {
      llvm::Value* named = call.getArgOperand(helper.named);
      return NodeCall{static_cast<unsigned>(index),
                      {&call, named, 0, nullptr, trace::AccessKind::read},
                      {&call, named, 0, nullptr, trace::AccessKind::write}};
    }
  }
  return std::nullopt;
}

void announce_node_call(const NodeCall& call, const HookTable& hooks) {
  auto& instruction = llvm::cast<llvm::CallBase>(*call.reads.instruction);
  llvm::IRBuilder<> builder(&instruction);
  llvm::SmallVector<llvm::Value*, 7> arguments{builder.getInt32(call.helper)};
  for (unsigned index = 0; index < kOperands; ++index) {
    llvm::Value* value = index < instruction.arg_size() ? instruction.getArgOperand(index) : nullptr;
    if (value == nullptr) {
      arguments.push_back(builder.getInt64(0));
    } else if (value->getType()->isPointerTy()) {
      arguments.push_back(builder.CreatePtrToInt(value, builder.getInt64Ty()));
    } else {
      arguments.push_back(builder.CreateZExtOrTrunc(value, builder.getInt64Ty()));
    }
  }
  arguments.push_back(builder.getInt32(call.reads.site));
  arguments.push_back(builder.getInt32(call.writes.site));
  builder.CreateCall(hooks.get(Hook::gordian_rt_nodes), arguments);
}

}  // namespace gordian::pass
