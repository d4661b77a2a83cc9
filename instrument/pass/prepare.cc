// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/prepare.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include "instrument/pass/calls.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

constexpr llvm::StringLiteral kAddressFunction = "gordian.thread_local.";

// Functions of libc and libstdc++ that return an address inside the calling thread.
constexpr llvm::StringLiteral kThreadAddressFunctions[] = {
    "__errno_location", "__h_errno_location", "__cxa_get_globals", "__cxa_get_globals_fast",
    "__ctype_b_loc",    "__res_state",        "pthread_self"};

void forget_purity(llvm::Function& function) {
  function.removeFnAttr(llvm::Attribute::Memory);
  for (llvm::User* user : function.users()) {
    if (auto* call = llvm::dyn_cast<llvm::CallBase>(user); call != nullptr && call->getCalledFunction() == &function) {
      call->removeFnAttr(llvm::Attribute::Memory);
    }
  }
}

// Not inlined and not looked into: its memory effects stay as declared here, whatever its body says.
llvm::Function* address_function(llvm::Module& module, llvm::GlobalValue& variable) {
  const std::string name = (kAddressFunction + variable.getName()).str();
  if (llvm::Function* known = module.getFunction(name)) {
    return known;
  }
  llvm::LLVMContext& context = module.getContext();
  auto* type = llvm::FunctionType::get(variable.getType(), false);
  auto* function = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::OptimizeNone);
  function->addFnAttr(llvm::Attribute::WillReturn);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(kHarmless);
  function->setMemoryEffects(llvm::MemoryEffects::inaccessibleMemOnly(llvm::ModRefInfo::Ref));
  function->addRetAttr(llvm::Attribute::NonNull);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  builder.CreateRet(builder.CreateThreadLocalAddress(&variable));
  return function;
}

bool replace_thread_local_addresses(llvm::Module& module) {
  llvm::SmallVector<llvm::IntrinsicInst*, 16> uses;
  for (llvm::Function& function : module) {
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
      if (intrinsic != nullptr && intrinsic->getIntrinsicID() == llvm::Intrinsic::threadlocal_address) {
        uses.push_back(intrinsic);
      }
    }
  }
  for (llvm::IntrinsicInst* use : uses) {
    auto* variable = llvm::cast<llvm::GlobalValue>(use->getArgOperand(0));
    llvm::IRBuilder<> builder(use);
    use->replaceAllUsesWith(builder.CreateCall(address_function(module, *variable)));
    use->eraseFromParent();
  }
  return !uses.empty();
}

bool forget_thread_addresses(llvm::Module& module) {
  bool changed = false;
  for (const llvm::StringRef name : kThreadAddressFunctions) {
    if (llvm::Function* function = module.getFunction(name)) {
      forget_purity(*function);
      changed = true;
    }
  }
  return changed;
}

bool read_as_multithreaded(llvm::Module& module) {
  llvm::GlobalVariable* variable = module.getGlobalVariable("__libc_single_threaded");
  bool changed = false;
  if (variable != nullptr && variable->isDeclaration()) {
    for (llvm::User* user : llvm::make_early_inc_range(variable->users())) {
      if (auto* load = llvm::dyn_cast<llvm::LoadInst>(user)) {
        load->replaceAllUsesWith(llvm::Constant::getNullValue(load->getType()));
        load->eraseFromParent();
        changed = true;
      }
    }
  }
  return changed;
}

// True if there was one.
template <typename Callee>
bool forget_no_escape_of(Callee& callee, unsigned parameters) {
  bool changed = false;
  for (unsigned i = 0; i < parameters; ++i) {
    if (callee.getAttributes().hasParamAttr(i, compat::kCaptures)) {
      callee.removeParamAttr(i, compat::kCaptures);
      changed = true;
    }
  }
  return changed;
}

bool forget_no_escape(llvm::Module& module) {
  bool changed = false;
  for (llvm::Function& function : module) {
    changed |= !function.isIntrinsic() && forget_no_escape_of(function, static_cast<unsigned>(function.arg_size()));
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      changed |=
          call != nullptr && !llvm::isa<llvm::IntrinsicInst>(call) && forget_no_escape_of(*call, call->arg_size());
    }
  }
  return changed;
}

bool only_loaded_and_stored(const llvm::Value& address) {
  return llvm::all_of(address.uses(), [](const llvm::Use& use) {
    if (llvm::isa<llvm::GEPOperator>(use.getUser())) {
      return only_loaded_and_stored(*use.getUser());
    }
    return llvm::isa<llvm::LoadInst>(use.getUser()) ||
           (llvm::isa<llvm::StoreInst>(use.getUser()) &&
            use.getOperandNo() == llvm::StoreInst::getPointerOperandIndex());
  });
}

}  // namespace

llvm::PreservedAnalyses Prepare::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  bool changed = replace_thread_local_addresses(module);
  changed |= forget_thread_addresses(module);
  changed |= read_as_multithreaded(module);
  changed |= forget_no_escape(module);
  return changed ? llvm::PreservedAnalyses::none() : llvm::PreservedAnalyses::all();
}

const llvm::GlobalVariable* thread_local_variable(const llvm::Value* value) {
  if (const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(value)) {
    return intrinsic->getIntrinsicID() == llvm::Intrinsic::threadlocal_address
               ? llvm::dyn_cast<llvm::GlobalVariable>(intrinsic->getArgOperand(0))
               : nullptr;
  }
  const auto* call = llvm::dyn_cast<llvm::CallBase>(value);
  const llvm::Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
  if (callee == nullptr || callee->isDeclaration() || !callee->getName().starts_with(kAddressFunction)) {
    return nullptr;
  }
  return thread_local_variable(&*callee->getEntryBlock().getFirstNonPHIIt());
}

bool is_private_thread_local(const llvm::Value* value) {
  if (thread_local_variable(value) == nullptr) {
    return false;
  }
  const auto* call = llvm::cast<llvm::CallBase>(value);
  const llvm::Function* callee = call->getCalledFunction();
  if (callee->isIntrinsic()) {
    return only_loaded_and_stored(*value);
  }
  return llvm::all_of(callee->users(), [](const llvm::User* user) { return only_loaded_and_stored(*user); });
}

}  // namespace gordian::pass
