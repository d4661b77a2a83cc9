// SPDX-License-Identifier: Apache-2.0
// A goroutine or thread that reaches a local variable by reference, and a way to the end of that variable's life on
// which nobody waits for it. Variables of main's outermost scope end with the program and are left alone; loops' own
// variables belong to loop-variable-by-reference.
#include <clang/Basic/SourceManager.h>

#include <algorithm>

#include "instrument/lint/check.h"
#include "instrument/lint/escape.h"
#include "instrument/lint/loops.h"
#include "instrument/lint/starts.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

SourceLocation where_it_ends(const Stmt* trigger, const Body& body) {
  if (trigger == nullptr) {
    return body.code().getEndLoc();
  }
  const bool leaves = isa<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt, CXXThrowExpr>(trigger);
  return leaves ? trigger->getBeginLoc() : trigger->getEndLoc();
}

// Variables die in reverse order of declaration, but the graph puts destructors before the ends of plain variables: the
// destructor of an earlier variable says that this one is gone.
const Stmt* end_of_life(const CFGElement& element, const VarDecl& variable, bool& ends) {
  if (const auto end = element.getAs<CFGLifetimeEnds>()) {
    ends = end->getVarDecl() == &variable;
    return end->getTriggerStmt();
  }
  const auto destroyed = element.getAs<CFGAutomaticObjDtor>();
  const SourceManager& sources = variable.getASTContext().getSourceManager();
  ends = destroyed && sources.isBeforeInTranslationUnit(destroyed->getVarDecl()->getLocation(), variable.getLocation());
  return destroyed ? destroyed->getTriggerStmt() : nullptr;
}

std::optional<SourceLocation> outlived(Body& body, const Start& start, const VarDecl& variable) {
  const Reaches dies = [&](const CFGElement& element) -> std::optional<SourceLocation> {
    bool ends = false;
    const Stmt* trigger = end_of_life(element, variable, ends);
    return ends ? std::optional(where_it_ends(trigger, body)) : std::nullopt;
  };
  return escape(body, *start.at, dies, body.code().getEndLoc());
}

bool is_in_outermost_scope_of_main(const Body& body, const VarDecl& variable) {
  if (!body.function().isMain()) {
    return false;
  }
  const auto declares = [&](const Stmt* statement) {
    const auto* declared = dyn_cast<DeclStmt>(statement);
    return declared != nullptr && llvm::is_contained(declared->decls(), &variable);
  };
  const auto children = body.code().children();
  return isa<ParmVarDecl>(variable) || std::any_of(children.begin(), children.end(), declares);
}

std::string names_of(llvm::ArrayRef<const Shared*> dying) {
  std::string text;
  for (std::size_t i = 0; i < dying.size(); ++i) {
    const std::string_view between = i == 0 ? "" : i + 1 == dying.size() ? " and " : ", ";
    text += std::string(between) + "'" + dying[i]->name + "'";
  }
  return text;
}

bool is_parameter_of(const Body& body, const VarDecl& variable) {
  return isa<ParmVarDecl>(variable) && variable.getDeclContext() == &body.function();
}

// Declared here, and not by a function around this lambda.
bool is_own(const Body& body, const VarDecl& variable) {
  return is_parameter_of(body, variable) || variable.getDeclContext() == &body.function();
}

void look_at(Body& body, const Start& start, Findings& findings) {
  llvm::SmallVector<const Shared*, 4> dying;
  SourceLocation end;
  for (const Shared& shared : start.shared) {
    if (!is_own(body, *shared.variable) || is_in_outermost_scope_of_main(body, *shared.variable) ||
        loop_of(body.code(), *shared.variable) != nullptr) {
      continue;
    }
    if (const auto where = outlived(body, start, *shared.variable)) {
      end = dying.empty() ? *where : end;
      dying.push_back(&shared);
    }
  }
  if (dying.empty()) {
    return;
  }
  const std::string what(start.what);
  const bool captured = dying.front()->capture != nullptr;
  const std::string verb = (dying.size() == 1 ? " is " : " are ") + std::string(captured ? "captured" : "passed") +
                           " by reference, but the " + what + " may outlive " + (dying.size() == 1 ? "it" : "them");
  findings.push_back({Check::go_captures_local,
                      dying.front()->where,
                      names_of(dying) + verb,
                      {{start.at->getBeginLoc(), "the " + what + " starts here"},
                       {end, "'" + dying.front()->name + "' ends here, and nothing on the way has waited"}},
                      {},
                      ""});
}

}  // namespace

void go_captures_local(Body& body, Findings& findings) {
  for (const Start& start : starts_below(body.code())) {
    look_at(body, start, findings);
  }
}

}  // namespace gordian::lint
