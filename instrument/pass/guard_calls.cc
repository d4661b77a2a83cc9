// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/guard_calls.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>

#include "instrument/pass/display.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

constexpr llvm::StringLiteral kGuards[] = {"std::lock_guard<", "std::unique_lock<", "std::scoped_lock<",
                                           "std::shared_lock<"};

// The class whose member the call is, if it is a lock guard; "" otherwise.
std::string guard_class(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  std::string context = callee == nullptr ? "" : function_context(callee->getName());
  return is_lock_guard(context) ? context : "";
}

bool is_constructor_of_one_lock(const llvm::CallBase& call) {
  const std::string name = function_name(call.getCalledFunction()->getName());
  const llvm::StringRef last = llvm::StringRef(name).rsplit("::").second;
  const bool constructor =
      llvm::any_of(kGuards, [&](llvm::StringRef guard) { return last == guard.drop_front(5).drop_back(1); });
  const auto is_pointer = [](const llvm::Use& argument) { return argument->getType()->isPointerTy(); };
  return constructor && llvm::count_if(call.args(), is_pointer) == 2 && call.getArgOperand(1)->getType()->isPointerTy();
}

// Unoptimised code: the one constructor call that made the guard.
const llvm::Value* lock_of_guard(const llvm::Value& guard) {
  const llvm::Value* lock = nullptr;
  for (const llvm::User* user : guard.users()) {
    const auto* call = llvm::dyn_cast<llvm::CallBase>(user);
    if (call == nullptr || call->arg_empty() || call->getArgOperand(0) != &guard || guard_class(*call).empty() ||
        !is_constructor_of_one_lock(*call)) {
      continue;
    }
    if (lock != nullptr) {
      return nullptr;
    }
    lock = call->getArgOperand(1);
  }
  return lock;
}

}  // namespace

bool is_lock_guard(llvm::StringRef class_name) {
  return llvm::any_of(kGuards, [&](llvm::StringRef guard) { return class_name.starts_with(guard); });
}

const llvm::Value* object_of_call(const llvm::CallBase& call) {
  llvm::SmallVector<const llvm::Value*, 4> pointers;
  const llvm::Value* result = nullptr;
  for (unsigned i = 0; i < call.arg_size(); ++i) {
    const llvm::Value* argument = call.getArgOperand(i);
    if (!argument->getType()->isPointerTy() || llvm::isa<llvm::ConstantPointerNull>(argument) ||
        llvm::isa<llvm::Function>(argument)) {
      continue;
    }
    if (call.paramHasAttr(i, llvm::Attribute::StructRet)) {
      result = argument;
    } else {
      pointers.push_back(argument);
    }
  }
  if (pointers.empty()) {
    return result;
  }
  return guard_class(call).empty() ? pointers.front() : lock_of_guard(*pointers.front());
}

}  // namespace gordian::pass
