// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/global_table.h"

#include <llvm/BinaryFormat/Dwarf.h>

#include "instrument/pass/display.h"
#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/names.h"
#include "instrument/pass/type_path.h"

namespace gordian::pass {
namespace {

constexpr unsigned kDeepest = 3;
constexpr unsigned kMostMembers = 64;

std::uint32_t bytes_of(const llvm::DIType* type) {
  return type == nullptr ? 0 : static_cast<std::uint32_t>(type->getSizeInBits() / 8);
}

bool is_array(const llvm::DICompositeType& type) { return type.getTag() == llvm::dwarf::DW_TAG_array_type; }

// std::array is the array that it holds.
const llvm::DICompositeType* array_in(const llvm::DICompositeType& type) {
  if (is_array(type)) {
    return &type;
  }
  if (!is_library_scope(type.getScope()) || !type.getName().starts_with("array<")) {
    return nullptr;
  }
  for (const llvm::DINode* element : type.getElements()) {
    const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
    if (member != nullptr && member->getTag() == llvm::dwarf::DW_TAG_member && !member->isStaticMember()) {
      const auto* held = llvm::dyn_cast_or_null<llvm::DICompositeType>(strip_typedefs(member->getBaseType()));
      return held != nullptr && is_array(*held) && member->getOffsetInBits() == 0 ? held : nullptr;
    }
  }
  return nullptr;
}

// What a variable is a row of, or null: an array of arrays is no row, `table[7]` would be no name of its element.
const llvm::DIType* element_of(const llvm::DIType* type) {
  const auto* composite = llvm::dyn_cast_or_null<llvm::DICompositeType>(type);
  const llvm::DICompositeType* array = composite == nullptr ? nullptr : array_in(*composite);
  const bool row = array != nullptr && !array->isVector() && array->getElements().size() == 1;
  return row ? strip_typedefs(array->getBaseType()) : nullptr;
}

class Members {
 public:
  explicit Members(SiteTableWriter& table) : table_(table) {}

  void add(const llvm::DIType* type, const std::string& prefix, std::uint32_t offset, unsigned depth) {
    const auto* composite = llvm::dyn_cast_or_null<llvm::DICompositeType>(type);
    if (composite == nullptr || depth > kDeepest || is_library_scope(composite->getScope()) ||
        (composite->getTag() != llvm::dwarf::DW_TAG_structure_type &&
         composite->getTag() != llvm::dwarf::DW_TAG_class_type)) {
      return;
    }
    for (const llvm::DINode* element : composite->getElements()) {
      add_element(llvm::dyn_cast<llvm::DIDerivedType>(element), prefix, offset, depth);
    }
  }

 private:
  void add_element(const llvm::DIDerivedType* member, const std::string& prefix, std::uint32_t offset, unsigned depth) {
    if (member == nullptr || member->isStaticMember() || count_ >= kMostMembers) {
      return;
    }
    const llvm::DIType* type = strip_typedefs(member->getBaseType());
    const std::uint32_t at = offset + static_cast<std::uint32_t>(member->getOffsetInBits() / 8);
    const bool virtual_base = (member->getFlags() & llvm::DINode::FlagVirtual) != llvm::DINode::FlagZero;
    if (member->getTag() == llvm::dwarf::DW_TAG_inheritance && !virtual_base) {
      add(type, prefix, at, depth + 1);
    } else if (member->getTag() == llvm::dwarf::DW_TAG_member && !member->isArtificial()) {
      const std::string name = member->getName().empty() ? prefix : prefix + "." + member->getName().str();
      if (!member->getName().empty() && bytes_of(element_of(type)) != 0) {
        add_array(type, name, at, depth);
        return;
      }
      if (!member->getName().empty()) {
        table_.add_member(name, at, bytes_of(type));
        ++count_;
      }
      add(type, name, at, depth + 1);
    }
  }

  void add_array(const llvm::DIType* type, const std::string& name, std::uint32_t offset, unsigned depth) {
    const llvm::DIType* element = element_of(type);
    ++count_;
    table_.add_array_member(name, offset, bytes_of(type), bytes_of(element), [&] { add(element, "", 0, depth + 1); });
  }

  SiteTableWriter& table_;
  unsigned count_ = 0;
};

bool is_described(const llvm::GlobalVariable& global) {
  const bool own = global.hasExternalLinkage() || global.hasLocalLinkage() || global.hasLinkOnceLinkage() ||
                   global.hasWeakLinkage() || global.hasCommonLinkage();
  return own && !global.isDeclaration() && !global.isConstant() && !global.isThreadLocal() &&
         !(global.hasLocalLinkage() && global.hasComdat()) && declaration_of(global) != nullptr;
}

}  // namespace

llvm::SmallVector<llvm::GlobalVariable*, 32> describe_globals(llvm::Module& module, SiteTableWriter& table) {
  llvm::SmallVector<llvm::GlobalVariable*, 32> globals;
  for (llvm::GlobalVariable& global : module.globals()) {
    if (!is_described(global)) {
      continue;
    }
    const llvm::DIGlobalVariable& declaration = *declaration_of(global);
    const llvm::DIType* type = strip_typedefs(declaration.getType());
    const std::string name = qualified_name(declaration);
    const auto size = static_cast<std::uint32_t>(module.getDataLayout().getTypeAllocSize(global.getValueType()));
    const llvm::DIType* element = element_of(type);
    table.add_global(name, declaration, size, bytes_of(element));
    if (bytes_of(element) != 0) {
      Members(table).add(element, "", 0, 1);
    } else {
      Members(table).add(type, name, 0, 1);
    }
    globals.push_back(&global);
  }
  return globals;
}

}  // namespace gordian::pass
