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
  for (const llvm::ArrayRef<LibraryFunction> table : {c_functions(), stream_functions(), wide_stream_functions()}) {
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

// Its code is somewhere else, or a header's that is not recorded.
bool is_out_of_sight(const llvm::Function& function) {
  return function.isDeclarationForLinker() ||
         (function.hasLinkOnceODRLinkage() && !function.hasFnAttribute(llvm::Attribute::SanitizeThread));
}

// `out << std::flush` where it has not been inlined: what the manipulator does.
llvm::SmallVector<LibraryEffect, 4> effects_of_manipulator(const llvm::CallBase& call) {
  const auto* manipulator = call.arg_size() == 2 ? llvm::dyn_cast<llvm::Function>(call.getArgOperand(1)) : nullptr;
  if (manipulator == nullptr) {
    return {};
  }
  const llvm::StringRef name = call.getCalledFunction()->getName();
  const llvm::ArrayRef<LibraryEffect> effects = library_function(manipulator->getName());
  if (name == "_ZNSolsEPFRSoS_E" || name == "_ZNSt13basic_ostreamIwSt11char_traitsIwEElsEPFRS2_S3_E") {
    return llvm::SmallVector<LibraryEffect, 4>(effects);
  }
  if (effects.empty()) {
    return {};
  }
  // Those of ios_base: all change its flags.
  if (name == "_ZNSolsEPFRSt8ios_baseS0_E") {
    return {writes(arg(0), output_setting, kFlags)};
  }
  if (name == "_ZNSt13basic_ostreamIwSt11char_traitsIwEElsEPFRSt8ios_baseS4_E") {
    return {writes(arg(0), wide_output_setting, kFlags)};
  }
  return {};
}

}  // namespace

llvm::SmallVector<LibraryEffect, 4> library_effects(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (callee == nullptr || !is_out_of_sight(*callee) || callee->isIntrinsic() || call.isMustTailCall()) {
    return {};
  }
  llvm::SmallVector<LibraryEffect, 4> effects(library_function(callee->getName()));
  effects.append(format_effects(call));
  effects.append(effects_of_manipulator(call));
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

namespace {

void record_format(const Access& access, const HookTable& hooks) {
  auto& call = llvm::cast<llvm::CallBase>(*access.instruction);
  const bool is_list = access.effect->format == LibraryEffect::Format::list;
  llvm::IRBuilder<> builder(&call);
  builder.SetCurrentDebugLocation(call.getDebugLoc());
  llvm::SmallVector<llvm::Value*, 8> arguments{builder.getInt32(access.site)};
  arguments.append(call.arg_begin() + access.effect->address.value, call.arg_end());
  builder.CreateCall(hooks.get(is_list ? Hook::gordian_rt_format_list : Hook::gordian_rt_format), arguments);
}

}  // namespace

void record_library_access(const Access& access, const HookTable& hooks) {
  auto& call = llvm::cast<llvm::CallBase>(*access.instruction);
  const LibraryEffect& effect = *access.effect;
  if (effect.format != LibraryEffect::Format::none) {
    return record_format(access, hooks);
  }
  llvm::IRBuilder<> builder(effect.before ? &call : place_behind(call));
  builder.SetCurrentDebugLocation(call.getDebugLoc());
  builder.CreateCall(hooks.get(Hook::gordian_rt_extent),
                     {access.address, builder.getInt32(effect.extent), as_word(effect.a, call, builder),
                      as_word(effect.b, call, builder), builder.getInt32(access.site)});
}

}  // namespace gordian::pass
