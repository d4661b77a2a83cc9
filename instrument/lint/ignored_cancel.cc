// SPDX-License-Identifier: Apache-2.0
// with_cancel, with_timeout, with_deadline give a Context and the CancelFunc that frees what it holds. A CancelFunc
// that is thrown away, or is bound to a name that nothing uses, is never called. Casting it to void is throwing it
// away.
#include <clang/AST/ParentMapContext.h>

#include "instrument/lint/check.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

// The function's name without namespaces; "" if the node is no such call.
std::string cancelling(const Stmt& node) {
  const auto* call = dyn_cast<CallExpr>(&node);
  const std::string name = call != nullptr ? qualified_name(call->getDirectCallee()) : "";
  const bool makes_one = name == "gordian::with_cancel" || name == "gordian::with_timeout" ||
                         name == "gordian::with_deadline" || name == "gordian::with_cancel_cause" ||
                         name == "gordian::with_timeout_cause" || name == "gordian::with_deadline_cause";
  return makes_one ? name.substr(name.rfind(':') + 1) : "";
}

bool is_cancel(QualType type) {
  const CXXRecordDecl* record = class_of(type);
  return record != nullptr && llvm::StringRef(record->getName()).starts_with("Cancel");
}

void find_mentions(const Stmt* root, const ValueDecl& wanted, bool is_thrown_away, int& uses) {
  if (root == nullptr) {
    return;
  }
  const auto* reference = dyn_cast<DeclRefExpr>(root);
  uses += reference != nullptr && reference->getDecl() == &wanted && !is_thrown_away ? 1 : 0;
  const auto* cast = dyn_cast<ExplicitCastExpr>(root);
  const bool throws_away = cast != nullptr ? cast->getType()->isVoidType() : is_thrown_away && isa<ParenExpr>(root);
  for (const Stmt* child : root->children()) {
    find_mentions(child, wanted, throws_away, uses);
  }
}

bool is_used(const Body& body, const ValueDecl& wanted) {
  int uses = 0;
  find_mentions(&body.code(), wanted, false, uses);
  return uses > 0;
}

void report(const Stmt& call, SourceLocation where, const std::string& name, const std::string& what,
            Findings& findings) {
  findings.push_back({Check::ignored_cancel,
                      where,
                      "the CancelFunc of '" + name + "' " + what,
                      {{call.getBeginLoc(),
                        "call it when the context is not needed any more: until then the context stays "
                        "with its parent, and so does its timer"}},
                      {},
                      ""});
}

// auto [ctx, cancel] = with_cancel(parent);
void look_at(const Body& body, const DecompositionDecl& pair, const Stmt& call, const std::string& name,
             Findings& findings) {
  for (const BindingDecl* one : pair.bindings()) {
    if (is_cancel(one->getType()) && !is_used(body, *one)) {
      report(call, one->getLocation(), name, "is never used: '" + one->getNameAsString() + "'", findings);
    }
  }
}

// auto both = with_cancel(parent); where only the context is taken from it: every use is a member that is no
// CancelFunc.
void look_at(const Body& body, const VarDecl& both, const Stmt& call, const std::string& name, Findings& findings) {
  int mentions = 0;
  int contexts = 0;
  walk(
      &body.code(),
      [&](const Stmt& node) {
        const auto* reference = dyn_cast<DeclRefExpr>(&node);
        mentions += reference != nullptr && reference->getDecl() == &both ? 1 : 0;
        const auto* member = dyn_cast<MemberExpr>(&node);
        const auto* from =
            member != nullptr ? dyn_cast<DeclRefExpr>(member->getBase()->IgnoreParenImpCasts()) : nullptr;
        contexts += from != nullptr && from->getDecl() == &both && isa<FieldDecl>(member->getMemberDecl()) &&
                            !is_cancel(member->getType())
                        ? 1
                        : 0;
      },
      Lambdas::enter);
  if (mentions == contexts && !both.getType()->isReferenceType()) {
    report(call, both.getLocation(), name, "is never used: it stays in '" + both.getNameAsString() + "'", findings);
  }
}

void look_at_variable(const Body& body, const VarDecl& variable, Findings& findings) {
  const Expr* init = variable.getInit() != nullptr ? strip(variable.getInit()) : nullptr;
  const bool takes_a_member = init != nullptr && isa<MemberExpr>(init);
  const Expr* from = takes_a_member ? strip(llvm::cast<MemberExpr>(init)->getBase()) : init;
  const std::string name = from != nullptr ? cancelling(*from) : "";
  if (name.empty() || variable.hasGlobalStorage()) {
    return;
  }
  if (takes_a_member) {
    if (!is_cancel(init->getType())) {
      report(*from, from->getBeginLoc(), name, "is thrown away", findings);
    }
  } else if (const auto* pair = dyn_cast<DecompositionDecl>(&variable)) {
    look_at(body, *pair, *from, name, findings);
  } else {
    look_at(body, variable, *from, name, findings);
  }
}

// A statement of its own, also behind a cast to void.
void look_at_statement(const Stmt* statement, Findings& findings) {
  const auto* expression = dyn_cast_or_null<Expr>(statement);
  const Expr* thrown_away = expression != nullptr ? strip(expression) : nullptr;
  const std::string name = thrown_away != nullptr ? cancelling(*thrown_away) : "";
  if (!name.empty()) {
    report(*thrown_away, thrown_away->getBeginLoc(), name, "is thrown away", findings);
  }
}

}  // namespace

void ignored_cancel(Body& body, Findings& findings) {
  walk(&body.code(), [&](const Stmt& node) {
    if (const auto* declared = dyn_cast<DeclStmt>(&node)) {
      for (const Decl* one : declared->decls()) {
        if (const auto* variable = dyn_cast<VarDecl>(one)) {
          look_at_variable(body, *variable, findings);
        }
      }
    } else if (const auto* block = dyn_cast<CompoundStmt>(&node)) {
      for (const Stmt* statement : block->body()) {
        look_at_statement(statement, findings);
      }
    }
  });
}

}  // namespace gordian::lint
