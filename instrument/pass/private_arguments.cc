// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/private_arguments.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/InstrTypes.h>

#include "instrument/pass/counts.h"
#include "instrument/pass/options.h"
#include "instrument/pass/private_objects.h"

namespace gordian::pass {

PrivateArguments::PrivateArguments(llvm::Module& module, llvm::FunctionAnalysisManager& analyses) {
  if (!looks_for_private_arguments()) {
    return;
  }
  for (const llvm::Function& function : module) {
    if (function.isDeclaration() || !function.hasLocalLinkage() || function.hasAddressTaken()) {
      continue;
    }
    for (const llvm::Argument& argument : function.args()) {
      if (argument.getType()->isPointerTy() && !argument.hasPassPointeeByValueCopyAttr()) {
        arguments_.insert(&argument);
      }
    }
  }
  for (bool has_changed = !arguments_.empty(); has_changed;) {
    has_changed = false;
    for (const llvm::Argument* const argument :
         llvm::SmallVector<const llvm::Argument*>(arguments_.begin(), arguments_.end())) {
      if (!is_given_private(*argument, analyses)) {
        arguments_.erase(argument);
        has_changed = true;
      }
    }
  }
}

bool PrivateArguments::is_given_private(const llvm::Argument& argument, llvm::FunctionAnalysisManager& analyses) const {
  return llvm::all_of(argument.getParent()->uses(), [&](const llvm::Use& use) {
    if (llvm::isa<llvm::BlockAddress>(use.getUser())) {
      return true;  // only the function itself can jump there
    }
    const auto* const call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
    if (call == nullptr || !call->isCallee(&use)) {
      return false;
    }
    auto& caller = const_cast<llvm::Function&>(*call->getFunction());  // the manager's interface; nothing changes it
    Counts counts;
    PrivateObjects objects(analyses.getResult<llvm::TargetLibraryAnalysis>(caller), *this, counts);
    return objects.contain(*call->getArgOperand(argument.getArgNo()));
  });
}

}  // namespace gordian::pass
