// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/private_objects.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Analysis/AliasAnalysis.h>
#include <llvm/Analysis/MemoryBuiltins.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>

#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/options.h"

namespace gordian::pass {
namespace {

// A call of a function whose code is elsewhere.
const llvm::CallBase* outside_call(const llvm::Value& value) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(&value);
  const llvm::Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
  return callee != nullptr && callee->isDeclaration() ? call : nullptr;
}

class Uses final : public compat::Captures {
 public:
  explicit Uses(const llvm::TargetLibraryInfo& library) : library_(library) {}

  bool shouldExplore(const llvm::Use* use) override {
    const llvm::CallBase* const call = outside_call(*use->getUser());
    if (call == nullptr) {
      return !llvm::isa<llvm::ICmpInst>(use->getUser());
    }
    found = found || llvm::getReallocatedOperand(call) == use->get();
    return llvm::getFreedOperand(call, &library_) != use->get();
  }

 private:
  const llvm::TargetLibraryInfo& library_;
};

bool is_on_stack(const llvm::Value& object) {
  const auto* argument = llvm::dyn_cast<llvm::Argument>(&object);
  return llvm::isa<llvm::AllocaInst>(object) || (argument != nullptr && argument->hasByValAttr());
}

}  // namespace

bool PrivateObjects::is_allocated(const llvm::Value& object) const {
  return looks_for_private_heap() && outside_call(object) != nullptr && llvm::isNoAliasCall(&object) &&
         llvm::isAllocLikeFn(&object, &library_);
}

bool PrivateObjects::is_private(const llvm::Value& object) {
  if (const auto* argument = llvm::dyn_cast<llvm::Argument>(&object);
      argument != nullptr && arguments_.contain(*argument)) {
    if (known_.try_emplace(&object, true).second) {
      counts_.add(Count::private_argument, object);
    }
    return true;
  }
  if (!is_on_stack(object) && !is_allocated(object)) {
    return false;
  }
  const auto [entry, fresh] = known_.try_emplace(&object, false);
  if (fresh) {
    Uses uses(library_);
    llvm::PointerMayBeCaptured(&object, &uses);
    entry->second = !uses.found;
    if (!uses.found) {
      counts_.add(is_on_stack(object) ? Count::private_stack : Count::private_heap, object);
    }
  }
  return entry->second;
}

bool PrivateObjects::contain(const llvm::Value& address) {
  llvm::SmallVector<const llvm::Value*, 4> objects;
  llvm::getUnderlyingObjects(&address, objects);
  return llvm::all_of(objects, [&](const llvm::Value* object) {
    return llvm::isa<llvm::ConstantPointerNull>(object) || is_private(*object);
  });
}

}  // namespace gordian::pass
