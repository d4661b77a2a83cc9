// SPDX-License-Identifier: Apache-2.0
// Structure first (globals, variables' own memory, fields that a pointer was loaded from), then variables that happen
// to hold the pointer, then the alias tag.
#include "instrument/pass/names.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>

#include "instrument/pass/calls.h"
#include "instrument/pass/display.h"
#include "instrument/pass/guard_calls.h"
#include "instrument/pass/handles.h"
#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/prepare.h"
#include "instrument/pass/variables.h"

namespace gordian::pass {

using trace::NameKind;

// The object at a pointer: what it is called and what it is.
struct Names::Root {
  std::string variable;  // the object's own name, "" if it has none that may be shown
  std::string elements;  // its name as one of an array's elements, if the pointer may be indexed
  NameKind kind = NameKind::none;
  const llvm::DIType* type = nullptr;
  bool by_type = false;  // fields are named after the class, not after the variable
};

namespace {

constexpr unsigned kDeepest = 6;  // loads from loads from loads

struct Pointer {
  const llvm::Value* base = nullptr;
  Displacement displacement;
};

Pointer split(const llvm::Value& pointer, const llvm::DataLayout& layout) {
  llvm::SmallVector<const llvm::GEPOperator*, 4> steps;
  const llvm::Value* base = pointer.stripPointerCastsSameRepresentation();
  while (const auto* step = llvm::dyn_cast<llvm::GEPOperator>(base)) {
    steps.push_back(step);
    base = step->getPointerOperand()->stripPointerCastsSameRepresentation();
  }
  Pointer result{base, {}};
  const unsigned width = layout.getIndexTypeSizeInBits(pointer.getType());
  for (const llvm::GEPOperator* step : llvm::reverse(steps)) {
    compat::VariableOffsets variable;
    llvm::APInt constant(width, 0);
    if (!step->collectOffset(layout, width, variable, constant)) {
      return {nullptr, {}};
    }
    for (const auto& [value, scale] : variable) {
      result.displacement.scales.push_back(scale.abs().getZExtValue());
    }
    (result.displacement.scales.empty() ? result.displacement.lead : result.displacement.trail) +=
        constant.getSExtValue();
  }
  return result;
}

// What a callee with debug records says that it returns: `accounts[i]` is an Account&, whatever vector's subscript
// does.
const llvm::DIType* returned_type(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  const llvm::DISubprogram* subprogram = callee == nullptr ? nullptr : callee->getSubprogram();
  const llvm::DISubroutineType* type = subprogram == nullptr ? nullptr : subprogram->getType();
  return type == nullptr || type->getTypeArray().size() == 0 ? nullptr : type->getTypeArray()[0];
}

std::string field_of(const llvm::DIType& type, llvm::StringRef path) {
  const std::string name = qualified_name(type);
  return (name.empty() ? "" : name + "::") + path.drop_front(1).str();
}

}  // namespace

class Names::Search {
 public:
  Search(const Names& names, const llvm::Instruction& asking) : names_(names), asking_(asking) {}

  ObjectName access(const llvm::Value& address, std::uint64_t size);
  std::string object(const llvm::Value& pointer, llvm::StringRef wanted);
  std::string destination(const llvm::CallBase& call);

 private:
  struct Place {
    ObjectName name;
    TypePath path;
  };

  std::optional<Place> place(const llvm::Value& pointer, std::uint64_t size, IndexStyle style,
                             llvm::StringRef wanted = {});
  std::optional<Root> root(const llvm::Value& base);
  std::optional<Root> loaded(const llvm::LoadInst& load);
  static bool is_users_own(const Root& root) {
    return !root.variable.empty() || (root.by_type && !is_library_scope(root.type->getScope()));
  }
  static Root variable_root(const llvm::DILocalVariable& variable);
  static std::optional<Root> element_of(const TypePath& container);
  static std::optional<Root> target(const std::string& pointer_name, NameKind kind, const llvm::DIType* type,
                                    bool captured = false);
  static Place resolve(const Root& root, Displacement place, std::uint64_t size, IndexStyle style,
                       llvm::StringRef wanted);
  std::string handle(const llvm::Value& value);
  const llvm::Value* lock_of_guard(const llvm::Value& pointer);

  const Names& names_;
  const llvm::Instruction& asking_;
  unsigned depth_ = 0;
};

Names::Root Names::Search::variable_root(const llvm::DILocalVariable& variable) {
  return {shown_name(variable).str(), "", NameKind::local, strip_typedefs(variable.getType()), false};
}

std::optional<Names::Root> Names::Search::target(const std::string& pointer_name, NameKind kind,
                                                 const llvm::DIType* type, bool captured) {
  const llvm::DIType* object = pointee(type);
  if (object == nullptr) {
    return std::nullopt;
  }
  if (is_reference(type)) {
    return Root{pointer_name, "", kind, object, is_class(object) && !captured};
  }
  const bool named = !pointer_name.empty();
  return Root{named ? "*" + pointer_name : "", named ? pointer_name + "[]" : "", kind, object, is_class(object)};
}

// A pointer out of the insides of a library's object, to an object of the user's: named after its class.
std::optional<Names::Root> Names::Search::element_of(const TypePath& container) {
  const llvm::DIType* type = pointee(member_type(container.type, container.offset, 8));
  if (!is_class(type) || is_of_library(type) || qualified_name(*type).empty()) {
    return std::nullopt;
  }
  return Root{"", qualified_name(*type) + "[]", NameKind::element, type, true};
}

std::optional<Names::Root> Names::Search::loaded(const llvm::LoadInst& load) {
  const llvm::Value& slot = *load.getPointerOperand();
  for (const llvm::DILocalVariable* variable : variables_behind(slot, asking_)) {
    return variable_root(*variable);
  }
  const std::optional<Place> pointer = place(slot, 8, IndexStyle::any);
  if (pointer && is_class(pointer->path.type)) {
    return element_of(pointer->path);
  }
  if (!pointer || pointer->path.offset != 0) {
    return std::nullopt;
  }
  const llvm::Value* stored = pointer->name.text.empty() ? only_value_stored(slot) : nullptr;
  if (stored != nullptr && is_reference(pointer->path.type)) {
    return root(*stored);  // a reference without a name for people, such as the range of a for loop
  }
  const bool captured = pointer->name.kind == NameKind::local && !pointer->path.text.empty();
  return target(pointer->name.text, pointer->name.kind, pointer->path.type, captured);
}

std::optional<Names::Root> Names::Search::root(const llvm::Value& base) {
  const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(&base);
  if (global == nullptr) {
    global = thread_local_variable(&base);
  }
  if (global != nullptr) {
    const llvm::DIGlobalVariable* declaration = declaration_of(*global);
    return declaration == nullptr ? std::nullopt
                                  : std::optional(Root{qualified_name(*declaration), "", NameKind::global,
                                                       strip_typedefs(declaration->getType()), false});
  }
  for (const llvm::DILocalVariable* variable : variables_at(base, asking_)) {
    return variable_root(*variable);
  }
  std::optional<Root> best;
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&base)) {
    best = loaded(*load);
  } else if (const auto* call = llvm::dyn_cast<llvm::CallBase>(&base)) {
    best = target("", NameKind::none, returned_type(*call));
  }
  for (const llvm::DILocalVariable* variable : variables_equal(base, asking_)) {
    if (best && is_users_own(*best)) {
      break;
    }
    best = target(shown_name(*variable).str(), NameKind::local, variable->getType());
  }
  return best;
}

Names::Search::Place Names::Search::resolve(const Root& root, Displacement place, std::uint64_t size, IndexStyle style,
                                            llvm::StringRef wanted) {
  std::string variable = root.variable;
  NameKind kind = root.kind;
  const auto bytes = static_cast<std::int64_t>(root.type == nullptr ? 0 : root.type->getSizeInBits() / 8);
  const bool outside = place.lead + place.trail < 0 || place.lead + place.trail >= bytes;
  const bool whole = bytes > 0 && llvm::all_of(place.scales, [&](std::uint64_t scale) {
                       return scale % static_cast<std::uint64_t>(bytes) == 0;
                     });
  if (whole && !root.elements.empty() && (!place.scales.empty() || outside)) {
    // Pointer arithmetic in whole elements: the element is unknown, the place in it is not.
    const std::int64_t at = place.lead + place.trail;
    place = {((at % bytes) + bytes) % bytes, {}, 0};
    variable = root.elements;
    kind = NameKind::element;
  } else if (outside) {
    return {};
  }
  TypePath path = walk_type(root.type, place, size, style, wanted);
  if (path.text.empty()) {
    return {{variable, variable.empty() ? NameKind::none : kind}, path};
  }
  if (path.element) {
    kind = NameKind::element;
  }
  if (root.by_type) {
    const bool closure = qualified_name(*root.type).empty();
    const NameKind field = closure ? NameKind::local : NameKind::field;
    return {{is_library_scope(root.type->getScope()) ? "" : field_of(*root.type, path.text),
             path.element ? NameKind::element : field},
            path};
  }
  if (variable.empty()) {
    return {{}, path};
  }
  return {{variable + path.text, kind}, path};
}

std::optional<Names::Search::Place> Names::Search::place(const llvm::Value& pointer, std::uint64_t size,
                                                         IndexStyle style, llvm::StringRef wanted) {
  if (depth_ >= kDeepest) {
    return std::nullopt;
  }
  ++depth_;
  const Pointer parts = split(pointer, names_.layout_);
  std::optional<Root> object = parts.base == nullptr ? std::nullopt : root(*parts.base);
  Displacement displacement = parts.displacement;
  if (parts.base != &pointer && (!object || !is_users_own(*object))) {
    // The user's object may lie inside a library's: a closure in the tuple that a goroutine starts with.
    if (std::optional<Root> inner = root(pointer); inner && is_users_own(*inner)) {
      object = std::move(inner);
      displacement = {};
    }
  }
  --depth_;
  if (!object) {
    return std::nullopt;
  }
  return resolve(*object, displacement, size, style, wanted);
}

ObjectName Names::Search::access(const llvm::Value& address, std::uint64_t size) {
  if (const std::optional<Place> found = place(address, size, IndexStyle::any); found && !found->name.text.empty()) {
    return found->name;
  }
  const llvm::MDNode* tag = asking_.getMetadata(llvm::LLVMContext::MD_tbaa);
  if (tag == nullptr || tag->getNumOperands() < 3) {
    return {};
  }
  const auto* base = llvm::dyn_cast<llvm::MDNode>(tag->getOperand(0));
  const auto* offset = llvm::mdconst::dyn_extract<llvm::ConstantInt>(tag->getOperand(2));
  const auto* identifier =
      base == nullptr || base->getNumOperands() == 0 ? nullptr : llvm::dyn_cast<llvm::MDString>(base->getOperand(0));
  if (identifier == nullptr || offset == nullptr) {
    return {};
  }
  const llvm::DICompositeType* type = names_.classes_.lookup(identifier->getString());
  if (type == nullptr) {
    return {};
  }
  const Root object{"", "", NameKind::none, type, true};
  return resolve(object, {offset->getSExtValue(), {}, 0}, size, IndexStyle::any, {}).name;
}

// Where the result of a call goes: `jobs` in `auto jobs = make_chan<int>()`.
std::string Names::Search::destination(const llvm::CallBase& call) {
  for (const llvm::User* user : call.users()) {
    const auto* store = llvm::dyn_cast<llvm::StoreInst>(user);
    if (store == nullptr || store->getValueOperand() != &call) {
      continue;
    }
    const std::optional<Place> owner = place(*store->getPointerOperand(), 8, IndexStyle::exact);
    if (owner && is_class(owner->path.type) && !owner->name.text.empty()) {
      return owner->name.text;
    }
  }
  return handle(call);
}

// What was stored into the guard that the pointer was loaded from; null if it comes from elsewhere.
const llvm::Value* Names::Search::lock_of_guard(const llvm::Value& pointer) {
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(&pointer);
  if (load == nullptr) {
    return nullptr;
  }
  const std::optional<Place> guard = place(*load->getPointerOperand(), 8, IndexStyle::exact);
  const bool is_guard = guard && is_class(guard->path.type) && is_lock_guard(qualified_name(*guard->path.type));
  return is_guard ? only_value_stored(*load->getPointerOperand()) : nullptr;
}

// The variable that holds the pointer as a private part of itself: `jobs`, whose channel_ is what was loaded.
std::string Names::Search::handle(const llvm::Value& value) {
  if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&value)) {
    const std::optional<Place> owner = place(*load->getPointerOperand(), 8, IndexStyle::exact);
    if (owner && is_handle(owner->path) && !owner->name.text.empty()) {
      return owner->name.text;
    }
  }
  for (const VariablePart& part : parts_equal(value, asking_)) {
    const Place owner = resolve(variable_root(*part.variable), {part.offset, {}, 0}, 8, IndexStyle::exact, {});
    if (is_handle(owner.path) && !owner.name.text.empty()) {
      return owner.name.text;
    }
  }
  return {};
}

std::string Names::Search::object(const llvm::Value& of, llvm::StringRef wanted) {
  const llvm::Value* const lock = lock_of_guard(of);
  const llvm::Value& pointer = lock != nullptr ? *lock : of;
  if (std::string owner = handle(pointer); !owner.empty()) {
    return owner;
  }
  if (const auto* made = llvm::dyn_cast<llvm::CallBase>(&pointer);
      made != nullptr && of_callee(*made) == "gordian::detail::channel_make") {
    return destination(*made);
  }
  if (const auto* slot = llvm::dyn_cast<llvm::AllocaInst>(&pointer)) {
    const llvm::AllocaInst* range = range_of_iterator(*slot);
    const llvm::Value* object = range == nullptr ? nullptr : only_value_stored(*range);
    if (object != nullptr) {
      return this->object(*object, {});
    }
  }
  std::optional<Place> found = place(pointer, 0, IndexStyle::exact, wanted);
  const auto reached = [&](const TypePath& path) {
    return is_of_library(path.type) || (is_class(path.type) && qualified_name(*path.type) == wanted) ||
           (wanted.starts_with("pthread_") && is_opaque(path));
  };
  if (found && !wanted.empty() && !reached(found->path)) {
    found = place(pointer, 0, IndexStyle::exact);
  }
  return found ? found->name.text : "";
}

Names::Names(const llvm::Module& module) : layout_(module.getDataLayout()) {
  llvm::DebugInfoFinder finder;
  finder.processModule(module);
  for (const llvm::DIType* type : finder.types()) {
    const auto* composite = llvm::dyn_cast<llvm::DICompositeType>(type);
    if (composite != nullptr && !composite->getIdentifier().empty() && !composite->isForwardDecl()) {
      classes_[composite->getIdentifier()] = composite;
    }
  }
}

ObjectName Names::of_access(const llvm::Instruction& access, const llvm::Value& address, std::uint64_t size) const {
  return Search(*this, access).access(address, size);
}

std::string Names::of_call_object(const llvm::CallBase& call) const {
  const llvm::Function* callee = call.getCalledFunction();
  const llvm::Value* object = object_of_call(call);
  if (object == nullptr) {
    return call.getType()->isPointerTy() ? Search(*this, call).destination(call) : "";
  }
  std::string wanted = callee == nullptr ? "" : function_context(callee->getName());
  if (callee != nullptr && callee->getName().starts_with("pthread_")) {
    wanted = callee->getName();  // nobody's class, but the object may be a std::mutex, first in a user's own
  }
  return Search(*this, call).object(*object, wanted);
}

std::string Names::of_callee(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  return callee == nullptr ? "" : function_name(callee->getName());
}

const llvm::DIGlobalVariable* declaration_of(const llvm::GlobalVariable& global) {
  llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> expressions;
  global.getDebugInfo(expressions);
  for (const llvm::DIGlobalVariableExpression* expression : expressions) {
    if (expression->getExpression()->getNumElements() == 0) {
      return expression->getVariable();
    }
  }
  return nullptr;
}

}  // namespace gordian::pass
