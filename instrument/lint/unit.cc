// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/unit.h"

#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/SourceManager.h>

#include <algorithm>

#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

// Flow analysis of a larger function takes longer than anybody wants to wait for a linter.
constexpr unsigned kMostBlocks = 4000;

class Collector : public RecursiveASTVisitor<Collector> {
 public:
  explicit Collector(std::vector<const FunctionDecl*>& functions) : functions_(functions) {}

  [[nodiscard]] bool shouldVisitTemplateInstantiations() const { return true; }

  bool VisitFunctionDecl(FunctionDecl* function) {
    if (function->doesThisDeclarationHaveABody() && !function->isDependentContext() && !function->isDefaulted() &&
        !isa<CoroutineBodyStmt>(function->getBody())) {
      functions_.push_back(function);
    }
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr* lambda) {
    if (FunctionTemplateDecl* generic = lambda->getDependentCallOperator()) {
      for (FunctionDecl* made : generic->specializations()) {
        VisitFunctionDecl(made);
      }
      return true;
    }
    return VisitFunctionDecl(lambda->getCallOperator());
  }

 private:
  std::vector<const FunctionDecl*>& functions_;
};

bool is_in_header(const ASTContext& ast, const Decl& declaration) {
  return !ast.getSourceManager().isInMainFile(ast.getSourceManager().getExpansionLoc(declaration.getLocation()));
}

bool has_code_elsewhere(const CXXRecordDecl& record) {
  return std::any_of(record.method_begin(), record.method_end(), [](const CXXMethodDecl* method) {
    return method->isUserProvided() && !method->isDefined() && !method->isPureVirtual();
  });
}

}  // namespace

const CFG* Body::flow() {
  if (!asked_) {
    asked_ = true;
    CFG::BuildOptions options;
    options.AddImplicitDtors = true;
    options.AddTemporaryDtors = true;
    options.AddLifetime = true;
    options.AddInitializers = true;
    options.setAllAlwaysAdd();
    flow_ = CFG::buildCFG(&function_, function_.getBody(), &function_.getASTContext(), options);
    if (flow_ != nullptr && flow_->getNumBlockIDs() > kMostBlocks) {
      flow_.reset();
    }
  }
  return flow_.get();
}

Unit::Unit(ASTContext& ast) : ast_(ast) {
  std::vector<const FunctionDecl*> functions;
  Collector collector(functions);
  for (Decl* declaration : ast.getTranslationUnitDecl()->decls()) {
    if (!ast.getSourceManager().isInSystemHeader(declaration->getLocation())) {
      collector.TraverseDecl(declaration);
    }
  }
  std::set<const FunctionDecl*> seen;
  for (const FunctionDecl* function : functions) {
    if (seen.insert(function).second) {
      bodies_.emplace_back(*this, *function);
    }
  }
  for (const Body& body : bodies_) {
    walk(&body.code(), [this](const Stmt& node) { note_deferred(node); });
  }
  for (const Body& body : bodies_) {
    if (!deferred_.contains(&body.function())) {
      note_locks(body);
    }
  }
}

void Unit::note_deferred(const Stmt& node) {
  const auto* declared = dyn_cast<DeclStmt>(&node);
  for (const Decl* one : declared != nullptr ? declared->decls() : DeclStmt::decl_const_range({}, {})) {
    const auto* variable = dyn_cast<VarDecl>(one);
    if (const FunctionDecl* called = variable != nullptr ? deferred_by(*variable) : nullptr) {
      deferred_.insert(called);
    }
  }
}

void Unit::note_locks(const Body& body) {
  std::set<const ValueDecl*> locked;
  std::set<const ValueDecl*> released;
  walk(&body.code(), [&](const Stmt& node) {
    const auto call = lock_call(node);
    const auto place = call ? place_of(call->lock) : std::nullopt;
    if (place && place->object() != nullptr) {
      (call->locks ? locked : released).insert(place->object());
    }
  });
  for (const ValueDecl* lock : released) {
    if (!locked.contains(lock)) {
      released_alone_.insert(lock);
    }
  }
}

bool Unit::is_all_seen(const ValueDecl& lock) const {
  if (const auto* field = dyn_cast<FieldDecl>(&lock)) {
    const auto* record = dyn_cast<CXXRecordDecl>(field->getParent());
    return record != nullptr && !has_code_elsewhere(*record) &&
           (!is_in_header(ast_, lock) || (field->getAccess() == AS_private && !record->hasFriends()));
  }
  const auto* variable = dyn_cast<VarDecl>(&lock);
  if (variable == nullptr || variable->hasLocalStorage()) {
    return variable != nullptr && !isa<ParmVarDecl>(variable) && !variable->getType()->isPointerType() &&
           !variable->getType()->isReferenceType();
  }
  return std::none_of(variable->redecls_begin(), variable->redecls_end(),
                      [this](const VarDecl* one) { return is_in_header(ast_, *one); });
}

const FunctionDecl* deferred_by(const VarDecl& variable) {
  const CXXRecordDecl* record = is_class(variable.getType(), "gordian::Defer") ? class_of(variable.getType()) : nullptr;
  const auto* made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
  const CXXRecordDecl* held = made != nullptr ? class_of(made->getTemplateArgs()[0].getAsType()) : nullptr;
  return held != nullptr && held->isLambda() ? held->getLambdaCallOperator() : nullptr;
}

}  // namespace gordian::lint
