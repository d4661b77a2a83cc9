// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/throws.h"

#include <clang/AST/StmtCXX.h>

#include <algorithm>

#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

bool catches_everything(const CXXTryStmt& guarded) {
  for (unsigned i = 0; i < guarded.getNumHandlers(); ++i) {
    if (guarded.getHandler(i)->getExceptionDecl() == nullptr) {
      return true;
    }
  }
  return false;
}

bool is_of_gordian(const FunctionDecl& function) {
  return llvm::StringRef(qualified_name(&function)).starts_with("gordian::");
}

const FunctionProtoType* callee_type(const CallExpr& call) {
  QualType type = call.getCallee()->getType();
  type = type->isPointerType() ? type->getPointeeType() : type;
  return type->getAs<FunctionProtoType>();
}

}  // namespace

std::string Throws::word(const Stmt& step) {
  if (isa<CXXThrowExpr>(step)) {
    return "throw";
  }
  if (lock_call(step)) {
    return "";  // by its declaration it may, but who handles that?
  }
  if (const auto* made = dyn_cast<CXXNewExpr>(&step)) {
    const FunctionDecl* allocate = made->getOperatorNew();
    return allocate != nullptr && call(allocate, allocate->getType()->getAs<FunctionProtoType>()) ? "new" : "";
  }
  const FunctionDecl* function = callee_of(step);
  if (const auto* called = dyn_cast<CallExpr>(&step)) {
    const auto* type = function != nullptr ? function->getType()->getAs<FunctionProtoType>() : callee_type(*called);
    return !call(function, type) ? "" : function != nullptr ? "'" + function->getNameAsString() + "'" : "the call";
  }
  if (function == nullptr || !call(function, function->getType()->getAs<FunctionProtoType>())) {
    return "";
  }
  return "the constructor of '" + llvm::cast<CXXConstructorDecl>(function)->getParent()->getNameAsString() + "'";
}

bool Throws::call(const FunctionDecl* function, const FunctionProtoType* type) {
  if (type == nullptr) {
    return false;  // a pseudo-destructor, a builtin
  }
  const ExceptionSpecificationType specified = type->getExceptionSpecType();
  if (specified == EST_Unevaluated || specified == EST_Uninstantiated || type->isNothrow()) {
    return false;  // of a function that the compiler made, and did not need to know more about
  }
  if (function == nullptr) {
    return true;
  }
  if (function->isTrivial() || function->getBuiltinID() != 0 || function->isExternC()) {
    return false;
  }
  function = function->getCanonicalDecl();
  const auto [known, is_new] = functions_.try_emplace(function, false);
  if (!is_new) {
    return known->second;
  }
  const bool answer = code(*function);
  functions_[function] = answer;
  return answer;
}

bool Throws::code(const FunctionDecl& function) {
  const auto* method = dyn_cast<CXXMethodDecl>(&function);
  const FunctionDecl* definition = nullptr;
  if ((method != nullptr && method->isVirtual()) || !function.isDefined(definition) ||
      definition->getBody() == nullptr || definition->isDependentContext()) {
    // What never returns ends the program, if it is not a library's way to throw.
    const bool dies = function.isNoReturn() && !is_in_std(function) && !is_of_gordian(function);
    return !function.isDefaulted() && !dies;
  }
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(definition)) {
    for (const CXXCtorInitializer* initializer : constructor->inits()) {
      if (below(initializer->getInit())) {
        return true;
      }
    }
  }
  return below(definition->getBody());
}

bool Throws::below(const Stmt* root) {
  if (root == nullptr || isa<LambdaExpr>(root)) {
    return false;
  }
  if (const auto* guarded = dyn_cast<CXXTryStmt>(root); guarded != nullptr && catches_everything(*guarded)) {
    for (unsigned i = 0; i < guarded->getNumHandlers(); ++i) {
      if (below(guarded->getHandler(i)->getHandlerBlock())) {
        return true;
      }
    }
    return false;
  }
  return !word(*root).empty() ||
         std::any_of(root->child_begin(), root->child_end(), [this](const Stmt* child) { return below(child); });
}

}  // namespace gordian::lint
