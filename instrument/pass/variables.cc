// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/variables.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/Instructions.h>

#include "instrument/pass/display.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

using Records = llvm::SmallVector<llvm::DbgVariableRecord*, 8>;

// Uses are looked through for names only where they are few: the time for a function stays linear in its size.
constexpr unsigned kMostUses = 64;

bool is_deref(const llvm::DIExpression& expression) {
  return expression.getNumElements() == 1 && expression.getElement(0) == llvm::dwarf::DW_OP_deref;
}

bool is_whole(const llvm::DIExpression& expression) { return expression.getNumElements() == 0; }

bool is_part(const llvm::DIExpression& expression) {
  return expression.getNumElements() == 3 && expression.getElement(0) == llvm::dwarf::DW_OP_LLVM_fragment;
}

Records declarations(const llvm::Value& address) {
  auto& value = const_cast<llvm::Value&>(address);
  Records records;
  for (llvm::DbgVariableRecord* record : llvm::findDVRDeclares(&value)) {
    records.push_back(record);
  }
  return records;
}

Records values(const llvm::Value& of) {
  Records records;
  if (!llvm::isa<llvm::Constant>(of)) {
    compat::find_debug_values(const_cast<llvm::Value&>(of), records);
  }
  return records;
}

int rank(const llvm::DILocalVariable& variable, const llvm::Instruction& asking) {
  const llvm::DISubprogram* scope = variable.getScope()->getSubprogram();
  if (is_library_scope(scope) || is_reserved(scope->getName())) {  // __gthread_mutex_lock
    return 2;
  }
  const llvm::DILocation* location = asking.getDebugLoc().get();
  return location != nullptr && scope == location->getScope()->getSubprogram() ? 0 : 1;
}

const llvm::DILocalVariable& variable_of(const llvm::DILocalVariable* variable) { return *variable; }
const llvm::DILocalVariable& variable_of(const VariablePart& part) { return *part.variable; }

template <class Item>
llvm::SmallVector<Item, 4> ranked(const llvm::SmallVector<Item, 4>& items, const llvm::Instruction& asking) {
  llvm::SmallVector<Item, 4> result;
  for (int wanted = 0; wanted <= 2; ++wanted) {
    llvm::copy_if(items, std::back_inserter(result),
                  [&](const Item& item) { return rank(variable_of(item), asking) == wanted; });
  }
  return result;
}

}  // namespace

Variables variables_at(const llvm::Value& address, const llvm::Instruction& asking) {
  Variables result;
  for (const llvm::DbgVariableRecord* record : declarations(address)) {
    if (is_whole(*record->getExpression())) {
      result.push_back(record->getVariable());
    }
  }
  if (const auto* slot = llvm::dyn_cast<llvm::AllocaInst>(&address)) {
    for (const llvm::DbgVariableRecord* record : llvm::at::getDVRAssignmentMarkers(slot)) {
      if (record->getAddress() == slot && is_whole(*record->getAddressExpression()) &&
          !record->getExpression()->isFragment()) {
        result.push_back(record->getVariable());
      }
    }
  }
  if (const auto* argument = llvm::dyn_cast<llvm::Argument>(&address);
      argument != nullptr && !argument->hasNUsesOrMore(kMostUses)) {
    for (const llvm::User* user : argument->users()) {
      const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
      if (store != nullptr && only_value_stored(*store->getPointerOperand()) == argument) {
        result.append(variables_behind(*store->getPointerOperand(), asking));
      }
    }
  }
  for (const llvm::DbgVariableRecord* record : values(address)) {
    if (is_deref(*record->getExpression())) {
      result.push_back(record->getVariable());
    }
  }
  return ranked(result, asking);
}

const llvm::Value* only_value_stored(const llvm::Value& slot) {
  const llvm::Value* stored = nullptr;
  if (slot.hasNUsesOrMore(kMostUses)) {
    return nullptr;
  }
  for (const llvm::User* user : slot.users()) {
    const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
    if (store == nullptr) {
      continue;
    }
    if (store->getPointerOperand() != &slot || stored != nullptr) {
      return nullptr;
    }
    stored = store->getValueOperand();
  }
  return stored;
}

Variables variables_behind(const llvm::Value& slot, const llvm::Instruction& asking) {
  Variables result;
  for (const llvm::DbgVariableRecord* record : declarations(slot)) {
    if (is_deref(*record->getExpression())) {
      result.push_back(record->getVariable());
    }
  }
  return ranked(result, asking);
}

llvm::SmallVector<VariablePart, 4> parts_equal(const llvm::Value& value, const llvm::Instruction& asking) {
  llvm::SmallVector<VariablePart, 4> result;
  for (const llvm::DbgVariableRecord* record : values(value)) {
    const llvm::DIExpression& expression = *record->getExpression();
    if (record->getNumVariableLocationOps() == 1 && (is_whole(expression) || is_part(expression))) {
      const std::uint64_t bits = is_part(expression) ? expression.getElement(1) : 0;
      result.push_back({record->getVariable(), static_cast<std::int64_t>(bits / 8)});
    }
  }
  return ranked(result, asking);
}

Variables variables_equal(const llvm::Value& value, const llvm::Instruction& asking) {
  Variables result;
  for (const llvm::DbgVariableRecord* record : values(value)) {
    if (record->getNumVariableLocationOps() == 1 && is_whole(*record->getExpression())) {
      result.push_back(record->getVariable());
    }
  }
  return ranked(result, asking);
}

const llvm::AllocaInst* range_of_iterator(const llvm::AllocaInst& iterator) {
  const Records records = declarations(iterator);
  llvm::StringRef number = records.empty() ? llvm::StringRef() : records.front()->getVariable()->getName();
  if (!number.consume_front("__begin")) {
    return nullptr;
  }
  const llvm::DILocalScope* scope = records.front()->getVariable()->getScope();
  for (const llvm::Instruction& instruction : iterator.getFunction()->getEntryBlock()) {
    const auto* slot = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    for (const llvm::DbgVariableRecord* record : slot == nullptr ? Records() : declarations(*slot)) {
      llvm::StringRef name = record->getVariable()->getName();
      if (record->getVariable()->getScope() == scope && name.consume_front("__range") && name == number) {
        return slot;
      }
    }
  }
  return nullptr;
}

llvm::StringRef shown_name(const llvm::DILocalVariable& variable) {
  const llvm::StringRef name = variable.getName();
  const bool hidden = variable.isArtificial() || name == "this" || is_reserved(name) ||
                      name.starts_with("gordian_defer_") ||  // made by GORDIAN_DEFER in the user's function
                      is_library_scope(variable.getScope()->getSubprogram());
  return hidden ? llvm::StringRef() : name;
}

}  // namespace gordian::pass
