// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/unit.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include "instrument/pass/llvm_compat.h"
#include "runtime/abi/hooks.h"

namespace gordian::pass {
namespace {

constexpr int kFirst = 0;  // priority: before every constructor of the program, after every destructor

}  // namespace

Unit::Unit(llvm::Module& module)
    : module_(module),
      placeholder_(new llvm::GlobalVariable(module, llvm::Type::getInt32Ty(module.getContext()), false,
                                            llvm::GlobalValue::ExternalLinkage, nullptr, "gordian.placeholder")) {}

llvm::Constant* Unit::function_id(std::uint32_t function) const {
  llvm::LLVMContext& context = module_.getContext();
  return llvm::ConstantExpr::getInBoundsGetElementPtr(
      llvm::Type::getInt32Ty(context), placeholder_, llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), function));
}

llvm::GlobalVariable* Unit::constant(llvm::Constant* initializer, const llvm::Twine& name, bool writable) {
  auto* global = new llvm::GlobalVariable(module_, initializer->getType(), !writable,
                                          llvm::GlobalValue::InternalLinkage, initializer, name);
  global->setAlignment(llvm::Align(8));
  return global;
}

llvm::GlobalVariable* Unit::descriptor(const SiteTableWriter& table, llvm::ArrayRef<llvm::GlobalVariable*> globals) {
  llvm::LLVMContext& context = module_.getContext();
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* word32 = llvm::Type::getInt32Ty(context);
  auto* word64 = llvm::Type::getInt64Ty(context);
  auto* ids_type = llvm::ArrayType::get(word32, table.function_count());
  llvm::GlobalVariable* ids = constant(llvm::ConstantAggregateZero::get(ids_type), "gordian.function_ids", true);
  placeholder_->replaceAllUsesWith(ids);
  placeholder_->eraseFromParent();
  placeholder_ = nullptr;

  const std::string bytes = table.bytes();
  llvm::GlobalVariable* sites =
      constant(llvm::ConstantDataArray::getString(context, bytes, /*AddNull=*/false), "gordian.site_table");
  llvm::SmallVector<llvm::Constant*, 32> addresses(globals.begin(), globals.end());
  llvm::GlobalVariable* global_array =
      constant(llvm::ConstantArray::get(llvm::ArrayType::get(pointer, addresses.size()), addresses), "gordian.globals");

  static_assert(sizeof(gordian_rt_unit) == 48 && offsetof(gordian_rt_unit, function_ids) == 8);
  auto* type = llvm::StructType::get(word32, word32, pointer, pointer, word64, pointer, word64);
  llvm::Constant* unit = llvm::ConstantStruct::get(type, llvm::ConstantInt::get(word32, GORDIAN_RT_ABI_VERSION),
                                                   llvm::ConstantInt::get(word32, table.function_count()), ids, sites,
                                                   llvm::ConstantInt::get(word64, bytes.size()), global_array,
                                                   llvm::ConstantInt::get(word64, globals.size()));
  return constant(unit, "gordian.unit", true);
}

llvm::Function* Unit::calls(const llvm::Twine& name, llvm::FunctionCallee hook, llvm::Value* argument) {
  llvm::LLVMContext& context = module_.getContext();
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), false);
  auto* function = llvm::Function::createWithDefaultAttr(type, llvm::GlobalValue::InternalLinkage, 0, name, &module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  builder.CreateCall(hook, {argument});
  builder.CreateRetVoid();
  return function;
}

void Unit::emit(const SiteTableWriter& table, llvm::ArrayRef<llvm::GlobalVariable*> globals, const HookTable& hooks) {
  if (table.function_count() == 0 && globals.empty()) {
    placeholder_->eraseFromParent();
    placeholder_ = nullptr;
    return;
  }
  llvm::GlobalVariable* unit = descriptor(table, globals);
  llvm::appendToGlobalCtors(module_, calls("gordian.load", hooks.get(Hook::gordian_rt_unit_load), unit), kFirst);
  llvm::appendToGlobalDtors(module_, calls("gordian.unload", hooks.get(Hook::gordian_rt_unit_unload), unit), kFirst);
}

}  // namespace gordian::pass
