// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/library_calls.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>

#include "instrument/pass/calls.h"
#include "instrument/pass/format_calls.h"
#include "instrument/pass/library_table.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

using Kind = Operand::Kind;

const llvm::Type* type_of(const Operand& operand, const llvm::CallBase& call) {
  if (operand.kind == Kind::result) {
    return call.getType();
  }
  return operand.value < call.arg_size() ? call.getArgOperand(operand.value)->getType() : nullptr;
}

bool is_pointer(const Operand& operand, const llvm::CallBase& call) {
  const llvm::Type* type = type_of(operand, call);
  return type != nullptr && type->isPointerTy();
}

bool is_number_or_pointer(const Operand& operand, const llvm::CallBase& call) {
  const llvm::Type* type = operand.kind == Kind::constant ? nullptr : type_of(operand, call);
  return operand.kind == Kind::constant || (type != nullptr && (type->isPointerTy() || type->isIntegerTy()));
}

// Results are signed: -1 must stay below 0.
llvm::Value* as_word(const Operand& operand, llvm::CallBase& call, llvm::IRBuilder<>& builder) {
  if (operand.kind == Kind::constant) {
    return builder.getInt64(operand.value);
  }
  llvm::Value* value = value_of(operand, call);
  if (value->getType()->isPointerTy()) {
    return builder.CreatePtrToInt(value, builder.getInt64Ty());
  }
  return builder.CreateIntCast(value, builder.getInt64Ty(), /*isSigned=*/true);
}

llvm::StringMap<const LibraryFunction*> by_name() {
  llvm::StringMap<const LibraryFunction*> map;
  for (const llvm::ArrayRef<LibraryFunction> table : {c_functions(), stream_functions()}) {
    for (const LibraryFunction& function : table) {
      map[function.name] = &function;
    }
  }
  return map;
}

llvm::ArrayRef<LibraryEffect> library_function(llvm::StringRef name) {
  static const llvm::StringMap<const LibraryFunction*> kByName = by_name();
  const LibraryFunction* function = kByName.lookup(name);
  return function == nullptr ? llvm::ArrayRef<LibraryEffect>()
                             : llvm::ArrayRef<LibraryEffect>(function->effects.data(), function->count);
}

}  // namespace

llvm::SmallVector<LibraryEffect, 4> library_effects(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration() || callee->isIntrinsic() || call.isMustTailCall()) {
    return {};
  }
  llvm::SmallVector<LibraryEffect, 4> effects(library_function(callee->getName()));
  effects.append(format_effects(call));
  const bool fits = llvm::all_of(effects, [&](const LibraryEffect& effect) {
    return is_pointer(effect.address, call) && is_number_or_pointer(effect.a, call) &&
           is_number_or_pointer(effect.b, call);
  });
  if (!fits) {
    effects.clear();
  }
  return effects;
}

llvm::Value* value_of(const Operand& operand, llvm::CallBase& call) {
  return operand.kind == Kind::result ? &call : call.getArgOperand(operand.value);
}

void record_library_access(const Access& access, const HookTable& hooks) {
  auto& call = llvm::cast<llvm::CallBase>(*access.instruction);
  const LibraryEffect& effect = *access.effect;
  llvm::IRBuilder<> builder(effect.before ? &call : place_behind(call));
  builder.SetCurrentDebugLocation(call.getDebugLoc());
  builder.CreateCall(hooks.get(Hook::gordian_rt_extent),
                     {access.address, builder.getInt32(effect.extent), as_word(effect.a, call, builder),
                      as_word(effect.b, call, builder), builder.getInt32(access.site)});
}

}  // namespace gordian::pass
