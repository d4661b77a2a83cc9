// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/place.h"

#include <clang/AST/ExprCXX.h>

#include <algorithm>

#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

bool is_copy(const CXXConstructExpr& made) {
  return made.getNumArgs() >= 1 && (made.getConstructor()->isCopyOrMoveConstructor() || made.isElidable());
}

// A reference cannot be bound again, so it is what it was initialised with; so is a constant pointer and what a lambda
// keeps.
bool stands_for_initializer(const VarDecl& variable) {
  const QualType type = variable.getType();
  return variable.hasInit() && !isa<ParmVarDecl>(variable) && !variable.isCXXForRangeDecl() &&
         (type->isReferenceType() || (type->isPointerType() && (type.isConstQualified() || variable.isInitCapture())));
}

std::optional<Place> below(const Expr* base, const ValueDecl* member) {
  auto place = place_of(base);
  if (place) {
    place->fields.push_back(member);
  }
  return place;
}

std::optional<Place> place_of_variable(const VarDecl& variable) {
  if (stands_for_initializer(variable)) {
    if (auto place = place_of(variable.getInit())) {
      return place;
    }
    if (variable.getType()->isPointerType()) {
      return Place{&variable, {}};
    }
    return std::nullopt;  // a reference to something unknown, which may be known under another name
  }
  return Place{&variable, {}};
}

std::optional<Place> place_of_call(const CallExpr& call) {
  if (const auto* operation = dyn_cast<CXXOperatorCallExpr>(&call)) {
    const bool is_access = operation->getOperator() == OO_Star || operation->getOperator() == OO_Arrow;
    return is_access && operation->getNumArgs() == 1 ? place_of(operation->getArg(0)) : std::nullopt;
  }
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(&call)) {
    const std::string name = qualified_name(member->getMethodDecl());
    return name == "gordian::RWMutex::reader" ? below(member->getImplicitObjectArgument(), member->getMethodDecl())
                                              : std::nullopt;
  }
  const std::string name = qualified_name(call.getDirectCallee());
  const bool passes_on = name == "std::ref" || name == "std::cref" || name == "std::addressof";
  return passes_on && call.getNumArgs() == 1 ? place_of(call.getArg(0)) : std::nullopt;
}

const ValueDecl* declaration_named_by(const Expr* expression) {
  expression = strip(expression);
  if (const auto* reference = dyn_cast_or_null<DeclRefExpr>(expression)) {
    return reference->getDecl();
  }
  const auto* member = dyn_cast_or_null<MemberExpr>(expression);
  return member != nullptr ? member->getMemberDecl() : nullptr;
}

}  // namespace

const Expr* strip(const Expr* expression) {
  while (expression != nullptr) {
    const Expr* inner = expression->IgnoreParenCasts()->IgnoreImplicit();
    if (const auto* made = dyn_cast<CXXConstructExpr>(inner); made != nullptr && is_copy(*made)) {
      inner = made->getArg(0);
    } else if (const auto* call = dyn_cast<CallExpr>(inner);
               call != nullptr && call->getNumArgs() == 1 && call->isCallToStdMove()) {
      inner = call->getArg(0);
    }
    if (inner == expression) {
      return expression;
    }
    expression = inner;
  }
  return nullptr;
}

std::optional<Place> place_of(const Expr* expression) {
  expression = strip(expression);
  if (expression == nullptr) {
    return std::nullopt;
  }
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression)) {
    const auto* variable = dyn_cast<VarDecl>(reference->getDecl());
    return variable != nullptr ? place_of_variable(*variable) : std::nullopt;
  }
  if (const auto* member = dyn_cast<MemberExpr>(expression)) {
    if (const auto* shared = dyn_cast<VarDecl>(member->getMemberDecl())) {
      return Place{shared, {}};
    }
    return isa<FieldDecl>(member->getMemberDecl()) ? below(member->getBase(), member->getMemberDecl()) : std::nullopt;
  }
  if (isa<CXXThisExpr>(expression)) {
    return Place{};
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    const bool is_step = unary->getOpcode() == UO_AddrOf || unary->getOpcode() == UO_Deref;
    return is_step ? place_of(unary->getSubExpr()) : std::nullopt;
  }
  const auto* call = dyn_cast<CallExpr>(expression);
  return call != nullptr ? place_of_call(*call) : std::nullopt;
}

std::string Place::spelled() const {
  std::string text = base != nullptr ? base->getNameAsString() : "";
  for (const ValueDecl* field : fields) {
    text += (text.empty() ? "" : ".") + field->getNameAsString() + (isa<FunctionDecl>(field) ? "()" : "");
  }
  return text.empty() ? "*this" : text;
}

const ValueDecl* changed_by(const Stmt& node) {
  const Expr* target = nullptr;
  if (const auto* binary = dyn_cast<BinaryOperator>(&node); binary != nullptr && binary->isAssignmentOp()) {
    target = binary->getLHS();
  } else if (const auto* unary = dyn_cast<UnaryOperator>(&node); unary != nullptr && unary->isIncrementDecrementOp()) {
    target = unary->getSubExpr();
  } else if (const auto* call = dyn_cast<CXXOperatorCallExpr>(&node);
             call != nullptr &&
             (call->isAssignmentOp() || call->getOperator() == OO_PlusPlus || call->getOperator() == OO_MinusMinus)) {
    target = call->getArg(0);
  }
  return declaration_named_by(target);
}

bool is_fixed_in(const Place& place, const Stmt& code) {
  std::vector<const ValueDecl*> way(place.fields.begin(), place.fields.end());
  way.push_back(place.base);
  const auto is_on_the_way = [&](const ValueDecl* changed) {
    return changed != nullptr && std::find(way.begin(), way.end(), changed) != way.end();
  };
  return !any_below(
      &code,
      [&](const Stmt& node) {
        const auto* unary = dyn_cast<UnaryOperator>(&node);
        const bool takes_address = unary != nullptr && unary->getOpcode() == UO_AddrOf;
        const ValueDecl* exposed = takes_address ? declaration_named_by(unary->getSubExpr()) : nullptr;
        return is_on_the_way(changed_by(node)) || (is_on_the_way(exposed) && exposed->getType()->isPointerType());
      },
      Lambdas::enter);
}

}  // namespace gordian::lint
