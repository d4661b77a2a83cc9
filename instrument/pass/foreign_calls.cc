// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/foreign_calls.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include <cstddef>

#include "instrument/pass/calls.h"
#include "instrument/pass/frames.h"
#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {
namespace {

constexpr std::size_t kKeys = GORDIAN_RT_FOREIGN_KEYS;

llvm::ArrayType* call_type(llvm::LLVMContext& context) {
  static_assert(sizeof(gordian_rt_foreign) == 8 * kKeys);
  return llvm::ArrayType::get(llvm::Type::getInt64Ty(context), kKeys);
}

llvm::AllocaInst* add_slot(llvm::Function& function) {
  llvm::IRBuilder<> builder(&function.getEntryBlock(), function.getEntryBlock().begin());
  return builder.CreateAlloca(call_type(function.getContext()), nullptr, "gordian.foreign");
}

// What may be an object that two threads share: not a constant of the program, not code. Handles may be integers.
bool may_be_object(const llvm::Value& value) {
  if (const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(value.stripPointerCasts())) {
    return !global->isConstant();
  }
  return !llvm::isa<llvm::Constant>(value) && (value.getType()->isPointerTy() || value.getType()->isIntegerTy(64));
}

void store_keys(llvm::IRBuilder<>& builder, llvm::Value* slot, llvm::ArrayRef<llvm::Value*> values) {
  std::size_t count = 0;
  const auto put = [&](llvm::Value* word) {
    builder.CreateAlignedStore(word, builder.CreateConstGEP1_64(builder.getInt64Ty(), slot, count++), llvm::Align(8));
  };
  for (llvm::Value* value : values) {
    if (count < kKeys && may_be_object(*value)) {
      put(value->getType()->isPointerTy() ? builder.CreatePtrToInt(value, builder.getInt64Ty()) : value);
    }
  }
  while (count < kKeys) {
    put(builder.getInt64(0));
  }
}

llvm::SmallVector<llvm::Value*, 8> values_of_arguments(llvm::Function& function) {
  llvm::SmallVector<llvm::Value*, 8> values;
  for (llvm::Argument& argument : function.args()) {
    values.push_back(&argument);
  }
  return values;
}

llvm::SmallVector<llvm::Value*, 8> values_of_arguments(llvm::CallBase& call) {
  return {call.arg_begin(), call.arg_end()};
}

llvm::GlobalVariable* kind_of(llvm::Function& callee) {
  llvm::Module& module = *callee.getParent();
  const std::string name = ("gordian.kind." + callee.getName()).str();
  if (llvm::GlobalVariable* known = module.getGlobalVariable(name, /*AllowInternal=*/true)) {
    return known;
  }
  llvm::Type* type = llvm::Type::getInt8Ty(module.getContext());
  return new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::PrivateLinkage,
                                  llvm::ConstantInt::get(type, GORDIAN_RT_CALLEE_UNKNOWN), name);
}

// Begins a block before `place`, reached if the callee's kind is, or is not, `kind`.
llvm::Instruction* if_kind(llvm::CmpInst::Predicate is, unsigned kind, llvm::GlobalVariable* memory,
                           llvm::Instruction* place) {
  llvm::IRBuilder<> builder(place);
  llvm::LoadInst* load = builder.CreateAlignedLoad(builder.getInt8Ty(), memory, llvm::Align(1));
  load->setAtomic(llvm::AtomicOrdering::Monotonic);
  llvm::Value* condition = builder.CreateICmp(is, load, builder.getInt8(static_cast<std::uint8_t>(kind)));
  llvm::MDNode* seldom = llvm::MDBuilder(builder.getContext()).createBranchWeights(1, 1000);
  return llvm::SplitBlockAndInsertIfThen(condition, place, /*Unreachable=*/false, seldom);
}

// Where the function really is. In code for a fixed place its address may be that of the program's own jump to it; the
// global offset table has the library's.
llvm::Value* address_of(llvm::Function& callee, llvm::IRBuilder<>& builder) {
  if (callee.getParent()->getPICLevel() != llvm::PICLevel::NotPIC) {
    return &callee;
  }
  llvm::FunctionType* type = llvm::FunctionType::get(builder.getPtrTy(), {callee.getType()}, /*isVarArg=*/false);
  llvm::InlineAsm* code =
      llvm::InlineAsm::get(type, "movq ${1:p}@GOTPCREL(%rip), $0", "=r,^Ws", /*hasSideEffects=*/false);
  return builder.CreateCall(code, {&callee}, "gordian.callee");
}

void announce_return(llvm::CallBase& call, llvm::AllocaInst* slot, llvm::Instruction* place, const HookTable& hooks) {
  llvm::IRBuilder<> behind(place);
  behind.SetCurrentDebugLocation(call.getDebugLoc());
  llvm::Value* result = call.getType()->isPointerTy() ? static_cast<llvm::Value*>(&call)
                                                      : llvm::ConstantPointerNull::get(behind.getPtrTy());
  behind.CreateCall(hooks.get(Hook::gordian_rt_foreign_return), {slot, result});
}

void surround_direct(llvm::CallBase& call, llvm::AllocaInst* slot, const HookTable& hooks) {
  llvm::Function& callee = *call.getCalledFunction();
  llvm::GlobalVariable* kind = kind_of(callee);
  llvm::IRBuilder<> before(if_kind(llvm::CmpInst::ICMP_NE, GORDIAN_RT_CALLEE_OWN, kind, &call));
  before.SetCurrentDebugLocation(call.getDebugLoc());
  store_keys(before, slot, values_of_arguments(call));
  before.CreateCall(hooks.get(Hook::gordian_rt_foreign_call), {kind, address_of(callee, before), slot});
  announce_return(call, slot, if_kind(llvm::CmpInst::ICMP_EQ, GORDIAN_RT_CALLEE_FOREIGN, kind, place_behind(call)),
                  hooks);
}

// A symbol that the linker defines in each module that names it.
llvm::Constant* border(llvm::Module& module, llvm::StringRef name) {
  llvm::GlobalValue* symbol = module.getNamedValue(name);
  if (symbol == nullptr) {
    symbol = new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(module.getContext()), /*isConstant=*/false,
                                      llvm::GlobalValue::ExternalLinkage, nullptr, name);
  }
  symbol->setVisibility(llvm::GlobalValue::HiddenVisibility);
  symbol->setDSOLocal(true);
  return llvm::ConstantExpr::getPtrToInt(symbol, llvm::Type::getInt64Ty(module.getContext()));
}

llvm::Value* is_within_module(llvm::IRBuilder<>& builder, llvm::Module& module, llvm::Value* address) {
  llvm::Constant* begin = border(module, "__ehdr_start");
  llvm::Value* size = builder.CreateSub(border(module, "_end"), begin);
  return builder.CreateICmpULT(builder.CreateSub(address, begin), size);
}

llvm::Value* is_marked(llvm::IRBuilder<>& builder, llvm::Value* callee) {
  llvm::Type* word = builder.getInt64Ty();
  llvm::Value* mark = builder.CreateAlignedLoad(word, builder.CreateConstGEP1_64(word, callee, -1), llvm::Align(1));
  return builder.CreateICmpEQ(mark, builder.getInt64(GORDIAN_RT_FUNCTION_MARK));
}

// What the runtime says of a callee that is not known to be ours: in another module, or without our mark. In front of
// the entry can only be looked where there surely is memory.
llvm::Value* ask_for_kind(llvm::CallBase& call, llvm::AllocaInst* slot, const HookTable& hooks) {
  llvm::LLVMContext& context = call.getContext();
  llvm::Value* callee = call.getCalledOperand();
  llvm::BasicBlock* head = call.getParent();
  llvm::BasicBlock* join = llvm::SplitBlock(head, call.getIterator());
  llvm::BasicBlock* within = llvm::BasicBlock::Create(context, "gordian.within", head->getParent(), join);
  llvm::BasicBlock* ask = llvm::BasicBlock::Create(context, "gordian.ask", head->getParent(), join);
  llvm::MDNode* often = llvm::MDBuilder(context).createBranchWeights(1000, 1);
  head->getTerminator()->eraseFromParent();
  llvm::IRBuilder<> builder(head);
  builder.SetCurrentDebugLocation(call.getDebugLoc());
  llvm::Value* address = builder.CreatePtrToInt(callee, builder.getInt64Ty());
  builder.CreateCondBr(is_within_module(builder, *call.getModule(), address), within, ask, often);
  builder.SetInsertPoint(within);
  builder.CreateCondBr(is_marked(builder, callee), join, ask, often);
  builder.SetInsertPoint(ask);
  store_keys(builder, slot, values_of_arguments(call));
  llvm::Value* answer = builder.CreateCall(hooks.get(Hook::gordian_rt_foreign_pointer_call), {callee, slot});
  builder.CreateBr(join);
  builder.SetInsertPoint(&call);
  llvm::PHINode* kind = builder.CreatePHI(answer->getType(), 2, "gordian.kind");
  kind->addIncoming(builder.getInt32(GORDIAN_RT_CALLEE_OWN), within);
  kind->addIncoming(answer, ask);
  return kind;
}

void surround_indirect(llvm::CallBase& call, llvm::AllocaInst* slot, const HookTable& hooks) {
  llvm::Value* kind = ask_for_kind(call, slot, hooks);
  llvm::Instruction* place = place_behind(call);
  llvm::IRBuilder<> builder(place);
  llvm::Value* is_foreign = builder.CreateICmpEQ(kind, builder.getInt32(GORDIAN_RT_CALLEE_FOREIGN));
  llvm::MDNode* seldom = llvm::MDBuilder(builder.getContext()).createBranchWeights(1, 1000);
  announce_return(call, slot, llvm::SplitBlockAndInsertIfThen(is_foreign, place, /*Unreachable=*/false, seldom), hooks);
}

bool is_foreign_candidate(const llvm::Function& callee, const llvm::TargetLibraryInfo& library) {
  llvm::LibFunc known;
  return callee.isDeclaration() && !callee.isIntrinsic() && !callee.hasFnAttribute(kHarmless) &&
         !callee.doesNotAccessMemory() && !callee.hasFnAttribute(llvm::Attribute::ReturnsTwice) &&
         !library.getLibFunc(callee, known) && !callee.getName().starts_with("__cxa_") &&
         !callee.getName().starts_with("gordian_rt_");
}

}  // namespace

bool may_be_foreign(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library) {
  if (call.isInlineAsm() || call.isMustTailCall() || call.getCallingConv() != llvm::CallingConv::C) {
    return false;
  }
  const llvm::Function* callee = call.getCalledFunction();
  if (callee != nullptr) {
    return is_foreign_candidate(*callee, library);
  }
  return !llvm::isa<llvm::Constant>(call.getCalledOperand()) && !call.doesNotAccessMemory();
}

void mark_functions(llvm::Module& module) {
  // Twice: UndefinedBehaviorSanitizer puts a word of its own in between; and the entry stays at a multiple of 16.
  llvm::Constant* mark = llvm::ConstantDataArray::get(
      module.getContext(), llvm::ArrayRef<std::uint64_t>{GORDIAN_RT_FUNCTION_MARK, GORDIAN_RT_FUNCTION_MARK});
  for (llvm::Function& function : module) {
    const bool is_reachable = !function.hasLocalLinkage() || function.hasAddressTaken();
    if (is_reachable && !function.isDeclarationForLinker() && !function.hasPrefixData()) {
      function.setPrefixData(mark);
    }
  }
}

void surround_foreign_calls(llvm::Function& function, llvm::ArrayRef<llvm::CallBase*> calls, const HookTable& hooks) {
  if (calls.empty()) {
    return;
  }
  llvm::AllocaInst* slot = add_slot(function);
  for (llvm::CallBase* call : calls) {
    call->getCalledFunction() != nullptr ? surround_direct(*call, slot, hooks) : surround_indirect(*call, slot, hooks);
  }
}

void watch_callbacks(llvm::Function& function, const ThreadBlock& thread, llvm::Instruction& place,
                     const HookTable& hooks) {
  if (function.hasLocalLinkage() && !function.hasAddressTaken()) {
    return;
  }
  llvm::SmallVector<llvm::Instruction*, 4> exits;
  for (llvm::BasicBlock& block : function) {
    if (llvm::Instruction* exit = exit_of(block)) {
      exits.push_back(exit);
    }
  }
  llvm::AllocaInst* slot = add_slot(function);
  llvm::MDNode* seldom = llvm::MDBuilder(function.getContext()).createBranchWeights(1, 1000);
  llvm::IRBuilder<> builder(&place);
  llvm::Value* outer = thread.load(builder, thread.foreign, "gordian.outer");
  llvm::Value* called_back = builder.CreateIsNotNull(outer);
  builder.SetInsertPoint(llvm::SplitBlockAndInsertIfThen(called_back, &place, /*Unreachable=*/false, seldom));
  store_keys(builder, slot, values_of_arguments(function));
  builder.CreateCall(hooks.get(Hook::gordian_rt_foreign_enter), {outer, slot});
  for (llvm::Instruction* exit : exits) {
    builder.SetInsertPoint(llvm::SplitBlockAndInsertIfThen(called_back, exit, /*Unreachable=*/false, seldom));
    builder.CreateCall(hooks.get(Hook::gordian_rt_foreign_leave), {outer, slot});
  }
}

}  // namespace gordian::pass
