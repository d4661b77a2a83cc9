// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/type_path.h"

#include <llvm/BinaryFormat/Dwarf.h>

#include <optional>

#include "instrument/pass/display.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

using llvm::DICompositeType;
using llvm::DIDerivedType;
using llvm::DIType;

struct Member {
  const DIDerivedType* declaration = nullptr;
  std::int64_t offset = 0;  // bytes, from the start of the class
};

const DIDerivedType* data_member(const llvm::DINode* element) {
  const auto* member = llvm::dyn_cast<DIDerivedType>(element);
  const bool data = member != nullptr && !member->isStaticMember() &&
                    (member->getTag() == llvm::dwarf::DW_TAG_member ||
                     (member->getTag() == llvm::dwarf::DW_TAG_inheritance &&
                      (member->getFlags() & DIType::FlagVirtual) == DIType::FlagZero));
  return data ? member : nullptr;
}

// Takes no room in what derives from it, whatever size it has alone: std::allocator and the like.
bool is_empty_base(const DIDerivedType& member) {
  const auto* base = llvm::dyn_cast_or_null<DICompositeType>(strip_typedefs(member.getBaseType()));
  return member.getTag() == llvm::dwarf::DW_TAG_inheritance && base != nullptr && !base->isForwardDecl() &&
         llvm::all_of(base->getElements(), [](const llvm::DINode* element) {
           const DIDerivedType* inner = data_member(element);
           return inner == nullptr || is_empty_base(*inner);
         });
}

// The only member that [begin, end) touches, if it lies inside it.
std::optional<Member> member_at(const DICompositeType& type, std::int64_t begin, std::int64_t end) {
  std::optional<Member> found;
  for (const llvm::DINode* element : type.getElements()) {
    const DIDerivedType* member = data_member(element);
    if (member == nullptr || is_empty_base(*member)) {
      continue;
    }
    const bool bits = (member->getFlags() & DIType::FlagBitField) != DIType::FlagZero;
    const auto first = static_cast<std::int64_t>(member->getOffsetInBits());
    const DIType* stripped = strip_typedefs(member->getBaseType());
    const std::uint64_t wide = bits || stripped == nullptr ? member->getSizeInBits() : stripped->getSizeInBits();
    const auto last = first + static_cast<std::int64_t>(wide);
    if (last <= begin * 8 || first >= end * 8) {
      continue;
    }
    const bool inside = bits || (first <= begin * 8 && end * 8 <= last);
    if (found || !inside) {
      return std::nullopt;  // several: two bit-fields, a copy of half the class
    }
    found = Member{member, first / 8};
  }
  return found;
}

class Walk {
 public:
  Walk(const DIType* type, const Displacement& place, std::uint64_t size, IndexStyle style, llvm::StringRef wanted)
      : size_(size), style_(style), wanted_(wanted), scales_(place.scales), trail_(place.trail) {
    path_.type = strip_typedefs(type);
    path_.offset = place.lead;
    if (scales_.empty()) {
      path_.offset += std::exchange(trail_, 0);
    }
  }

  TypePath run() {
    while (!arrived() && step()) {
    }
    return path_;
  }

 private:
  bool arrived() const {
    const auto* composite = llvm::dyn_cast_or_null<DICompositeType>(path_.type);
    if (composite == nullptr || composite->getTag() == llvm::dwarf::DW_TAG_array_type) {
      return composite == nullptr;
    }
    if (is_library_scope(composite->getScope()) || (!wanted_.empty() && qualified_name(*composite) == wanted_)) {
      return true;
    }
    // An object without a known class: the outermost one that starts here.
    return size_ == 0 && wanted_.empty() && path_.offset == 0 && scales_.empty();
  }

  bool step() {
    const auto& type = *llvm::cast<DICompositeType>(path_.type);
    if (type.getTag() == llvm::dwarf::DW_TAG_array_type) {
      return into_element(type);
    }
    return (type.getTag() == llvm::dwarf::DW_TAG_structure_type || type.getTag() == llvm::dwarf::DW_TAG_class_type) &&
           into_member(type);
  }

  bool into_element(const DICompositeType& array) {
    const DIType* element = strip_typedefs(array.getBaseType());
    const auto bytes = element == nullptr ? 0 : static_cast<std::int64_t>(element->getSizeInBits() / 8);
    if (bytes == 0 || array.isVector() || array.getElements().size() != 1) {
      return false;
    }
    const bool variable = !scales_.empty();
    for (const std::uint64_t scale : scales_) {
      if (scale % static_cast<std::uint64_t>(bytes) != 0) {
        return false;
      }
    }
    scales_.clear();
    const std::int64_t at = path_.offset + std::exchange(trail_, 0);
    const std::int64_t rest = ((at % bytes) + bytes) % bytes;
    if (rest + static_cast<std::int64_t>(size_) > bytes) {
      return false;
    }
    const bool exact = style_ == IndexStyle::exact && !variable;
    path_.text += exact ? "[" + std::to_string(at / bytes) + "]" : "[]";
    path_.type = element;
    path_.offset = rest;
    path_.element = true;
    return true;
  }

  bool into_member(const DICompositeType& type) {
    const std::int64_t end = path_.offset + static_cast<std::int64_t>(std::max<std::uint64_t>(size_, 1));
    const std::optional<Member> member = member_at(type, path_.offset, end);
    if (!member) {
      return false;
    }
    const DIType* inner = strip_typedefs(member->declaration->getBaseType());
    const auto* inner_composite = llvm::dyn_cast_or_null<DICompositeType>(inner);
    // A variable index stays inside only if it counts from the start of an array.
    const bool array = inner_composite != nullptr && inner_composite->getTag() == llvm::dwarf::DW_TAG_array_type;
    if (!scales_.empty() && (!array || path_.offset != member->offset)) {
      return false;
    }
    if (member->declaration->getTag() == llvm::dwarf::DW_TAG_member && !member->declaration->getName().empty()) {
      const llvm::StringRef name = member->declaration->getName();
      path_.text += name.starts_with("_vptr") ? ".vptr" : ("." + name).str();
      path_.element = false;
    }
    path_.offset -= member->offset;
    path_.type = inner;
    return true;
  }

  std::uint64_t size_;
  IndexStyle style_;
  llvm::StringRef wanted_;
  llvm::SmallVector<std::uint64_t, 2> scales_;
  std::int64_t trail_;
  TypePath path_;
};

}  // namespace

const DIType* strip_typedefs(const DIType* type) {
  while (const auto* derived = llvm::dyn_cast_or_null<DIDerivedType>(type)) {
    switch (derived->getTag()) {
      case llvm::dwarf::DW_TAG_typedef:
      case llvm::dwarf::DW_TAG_const_type:
      case llvm::dwarf::DW_TAG_volatile_type:
      case llvm::dwarf::DW_TAG_restrict_type:
      case llvm::dwarf::DW_TAG_atomic_type:
      case llvm::dwarf::DW_TAG_template_alias:
        type = derived->getBaseType();
        break;
      default:
        return type;
    }
  }
  return type;
}

const DIType* pointee(const DIType* type) {
  const auto* derived = llvm::dyn_cast_or_null<DIDerivedType>(strip_typedefs(type));
  if (derived == nullptr || (derived->getTag() != llvm::dwarf::DW_TAG_pointer_type && !is_reference(derived))) {
    return nullptr;
  }
  return strip_typedefs(derived->getBaseType());
}

bool is_reference(const DIType* type) {
  const DIType* stripped = strip_typedefs(type);
  return stripped != nullptr && (stripped->getTag() == llvm::dwarf::DW_TAG_reference_type ||
                                 stripped->getTag() == llvm::dwarf::DW_TAG_rvalue_reference_type);
}

bool is_class(const DIType* type) {
  const auto* composite = llvm::dyn_cast_or_null<DICompositeType>(type);
  return composite != nullptr && (composite->getTag() == llvm::dwarf::DW_TAG_structure_type ||
                                  composite->getTag() == llvm::dwarf::DW_TAG_class_type ||
                                  composite->getTag() == llvm::dwarf::DW_TAG_union_type);
}

const DIType* member_type(const DIType* type, std::int64_t offset, std::int64_t size) {
  while (is_class(type) && type->getTag() != llvm::dwarf::DW_TAG_union_type) {
    const std::optional<Member> member = member_at(*llvm::cast<DICompositeType>(type), offset, offset + size);
    if (!member) {
      return nullptr;
    }
    offset -= member->offset;
    type = strip_typedefs(member->declaration->getBaseType());
  }
  return offset == 0 ? type : nullptr;
}

TypePath walk_type(const DIType* type, const Displacement& place, std::uint64_t size, IndexStyle style,
                   llvm::StringRef wanted) {
  return Walk(type, place, size, style, wanted).run();
}

}  // namespace gordian::pass
