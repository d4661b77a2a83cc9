// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/calls.h"

#include <llvm/ADT/StringSet.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include "instrument/pass/hook_table.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

// A function of <math.h>, and not one of the program's own of that name: what it may write is errno, the thread's own.
bool is_mathematical(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library) {
  llvm::LibFunc which;
  if (!library.getLibFunc(call, which) || !library.has(which) || !call.getCalledFunction()->isDeclaration()) {
    return false;
  }
  switch (which) {
#define GORDIAN_MATH(name)      \
  case llvm::LibFunc_##name:    \
  case llvm::LibFunc_##name##f: \
  case llvm::LibFunc_##name##l:
#include "instrument/pass/math_functions.def"
#undef GORDIAN_MATH
    return true;
    default:
      return false;
  }
}

// One of those that are listed by name, unless the program has said that such names mean nothing.
bool is_listed_as_quiet(const llvm::CallBase& call) {
  static const llvm::StringSet<> kQuiet = {
#define GORDIAN_QUIET(name) #name,
#include "instrument/pass/quiet_library.def"
#undef GORDIAN_QUIET
  };
  return call.getCalledFunction()->isDeclaration() && kQuiet.contains(call.getCalledFunction()->getName()) &&
         !call.isNoBuiltin() && !call.getFunction()->hasFnAttribute("no-builtins");
}

// A function of the C library that computes and returns: no callback, no allocation, no blocking.
bool is_quiet_library_function(const llvm::Function& function, const llvm::TargetLibraryInfo& library) {
  llvm::LibFunc which;
  if (!function.isDeclaration() || !library.getLibFunc(function, which)) {
    return false;
  }
  switch (which) {
    case llvm::LibFunc_memcpy:
    case llvm::LibFunc_memmove:
    case llvm::LibFunc_memset:
      return true;
    default:
      return function.doesNotThrow() && function.hasFnAttribute(llvm::Attribute::NoFree) &&
             (function.onlyReadsMemory() || function.onlyAccessesArgMemory());
  }
}

constexpr llvm::Attribute::AttrKind kPurity[] = {llvm::Attribute::Memory, llvm::Attribute::NoSync,
                                                 llvm::Attribute::Speculatable};

}  // namespace

bool is_memory_function(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library, llvm::LibFunc& which) {
  const llvm::Function* callee = call.getCalledFunction();
  return callee != nullptr && callee->isDeclaration() && library.getLibFunc(*callee, which) &&
         (which == llvm::LibFunc_memcpy || which == llvm::LibFunc_memmove || which == llvm::LibFunc_memset);
}

bool may_record(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library) {
  if (llvm::isa<llvm::IntrinsicInst>(call)) {
    return false;
  }
  if (call.isInlineAsm()) {
    return call.mayWriteToMemory();
  }
  const llvm::Function* callee = call.getCalledFunction();
  return callee == nullptr || (!callee->hasFnAttribute(kHarmless) && !is_quiet_library_function(*callee, library) &&
                               !is_mathematical(call, library) && !is_listed_as_quiet(call));
}

llvm::Instruction* place_behind(llvm::CallBase& call) {
  if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(&call)) {
    return llvm::SplitEdge(invoke->getParent(), invoke->getNormalDest())->getTerminator();
  }
  return call.getNextNode();
}

void drop_purity(llvm::Module& module, llvm::function_ref<const llvm::TargetLibraryInfo&(llvm::Function&)> library) {
  const auto keeps = [&](const llvm::Function& callee, const llvm::TargetLibraryInfo& info) {
    return callee.isIntrinsic() || callee.hasFnAttribute(kHarmless) || is_quiet_library_function(callee, info);
  };
  for (llvm::Function& function : module) {
    const llvm::TargetLibraryInfo& info = library(function);
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      if (call == nullptr || call->isInlineAsm()) {
        continue;
      }
      const llvm::Function* callee = call->getCalledFunction();
      for (const llvm::Attribute::AttrKind kind : kPurity) {
        if (callee == nullptr || !keeps(*callee, info)) {
          call->removeFnAttr(kind);
        }
      }
    }
    for (const llvm::Attribute::AttrKind kind : kPurity) {
      if (!keeps(function, info)) {
        function.removeFnAttr(kind);
      }
    }
  }
}

}  // namespace gordian::pass
