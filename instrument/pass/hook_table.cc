// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/hook_table.h"

#include <llvm/ADT/StringRef.h>

#include <type_traits>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {
namespace {

template <class T>
llvm::Type* type_of(llvm::LLVMContext& context) {
  if constexpr (std::is_void_v<T>) {
    return llvm::Type::getVoidTy(context);
  } else if constexpr (std::is_pointer_v<T>) {
    return llvm::PointerType::getUnqual(context);
  } else {
    static_assert(std::is_integral_v<T>, "a hook takes and returns integers and pointers only");
    return llvm::IntegerType::get(context, sizeof(T) * 8);
  }
}

template <class Signature>
struct Function;
template <class Result, class... Parameters>
struct Function<Result(Parameters...)> {
  static llvm::FunctionType* type(llvm::LLVMContext& context) {
    return llvm::FunctionType::get(type_of<Result>(context), {type_of<Parameters>(context)...}, false);
  }
};
template <class Result, class... Parameters>
struct Function<Result(Parameters..., ...)> {
  static llvm::FunctionType* type(llvm::LLVMContext& context) {
    return llvm::FunctionType::get(type_of<Result>(context), {type_of<Parameters>(context)...}, true);
  }
};

struct Entry {
  const char* name;
  llvm::FunctionType* (*type)(llvm::LLVMContext&);
};

constexpr Entry kEntries[] = {
#define GORDIAN_HOOK(result, name, parameters) {#name, &Function<result parameters>::type},
#include "runtime/abi/hooks.def"
#undef GORDIAN_HOOK
};

}  // namespace

llvm::FunctionCallee HookTable::get(Hook hook) const {
  const Entry& entry = kEntries[static_cast<unsigned>(hook)];
  llvm::FunctionCallee callee = module_.getOrInsertFunction(entry.name, entry.type(module_.getContext()));
  if (auto* function = llvm::dyn_cast<llvm::Function>(callee.getCallee())) {
    function->setDoesNotThrow();
    // Bound at load: the lazy resolver keeps only the argument registers, and a preserve_most callee has to keep more.
    function->addFnAttr(llvm::Attribute::NonLazyBind);
    if (hook == Hook::gordian_rt_access_slow) {
      function->setCallingConv(llvm::CallingConv::PreserveMost);
      function->addFnAttr(llvm::Attribute::Cold);
    }
  }
  return callee;
}

}  // namespace gordian::pass
