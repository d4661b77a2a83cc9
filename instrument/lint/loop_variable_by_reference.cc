// SPDX-License-Identifier: Apache-2.0
// A goroutine started in a loop reaches the loop's variable by reference, and nobody waits for it before the loop
// changes the variable or takes a new one. The cure is a copy; it is offered where the goroutine only reads the
// variable and the copy is trivial.
#include <clang/Lex/Lexer.h>

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

bool declares(const Stmt* statement, const VarDecl& variable) {
  const auto* declared = llvm::dyn_cast_or_null<DeclStmt>(statement);
  return declared != nullptr && llvm::is_contained(declared->decls(), &variable);
}

// The point where the loop takes the variable away: it changes it, or it ends its life.
std::optional<SourceLocation> taken_away(Body& body, const Start& start, const VarDecl& variable) {
  const Reaches changes = [&](const CFGElement& element) -> std::optional<SourceLocation> {
    if (const auto end = element.getAs<CFGLifetimeEnds>(); end && end->getVarDecl() == &variable) {
      return variable.getLocation();
    }
    const auto step = element.getAs<CFGStmt>();
    const bool changed = step && changed_by(*step->getStmt()) == &variable;
    return changed ? std::optional(step->getStmt()->getBeginLoc()) : std::nullopt;
  };
  return escape(body, *start.at, changes, SourceLocation());
}

// Does the lambda only read the variable's value?
bool only_reads(const LambdaExpr& lambda, const VarDecl& variable) {
  int mentions = 0;
  int reads = 0;
  walk(
      lambda.getBody(),
      [&](const Stmt& node) {
        const auto* reference = dyn_cast<DeclRefExpr>(&node);
        mentions += reference != nullptr && reference->getDecl() == &variable ? 1 : 0;
        const auto* cast = dyn_cast<ImplicitCastExpr>(&node);
        if (cast != nullptr && cast->getCastKind() == CK_LValueToRValue) {
          const auto* read = dyn_cast<DeclRefExpr>(cast->getSubExpr()->IgnoreParens());
          reads += read != nullptr && read->getDecl() == &variable ? 1 : 0;
        }
      },
      Lambdas::enter);
  return mentions == reads;
}

// [&i] becomes [i], [&] becomes [&, i].
std::vector<FixItHint> copy_instead(const Start& start, const Shared& shared, ASTContext& ast) {
  const VarDecl& variable = *shared.variable;
  if (start.body == nullptr || shared.capture == nullptr || start.body->isInitCapture(shared.capture) ||
      !variable.getType().isTriviallyCopyableType(ast) || !only_reads(*start.body, variable)) {
    return {};
  }
  const SourceRange introducer = start.body->getIntroducerRange();
  if (introducer.getBegin().isMacroID()) {
    return {};
  }
  const std::string name = variable.getNameAsString();
  if (shared.capture->isImplicit()) {
    return {FixItHint::CreateInsertion(introducer.getEnd(), ", " + name)};
  }
  const SourceLocation captured = shared.capture->getLocation();
  const CharSourceRange head = CharSourceRange::getCharRange(introducer.getBegin(), captured);
  const llvm::StringRef text = Lexer::getSourceText(head, ast.getSourceManager(), ast.getLangOpts());
  const std::size_t at = text.rfind('&');
  if (at == llvm::StringRef::npos || !text.drop_front(at + 1).trim().empty()) {
    return {};
  }
  const SourceLocation sign = introducer.getBegin().getLocWithOffset(static_cast<int>(at));
  return {FixItHint::CreateRemoval(CharSourceRange::getCharRange(sign, captured))};
}

void look_at_closure(Body& body, const Start& start, Findings& findings) {
  for (const Shared& shared : start.shared) {
    const Stmt* loop = loop_of(body.code(), *shared.variable);
    if (loop == nullptr || !contains(loop, start.at)) {
      continue;
    }
    const auto where = taken_away(body, start, *shared.variable);
    if (!where) {
      continue;
    }
    const std::string name = "'" + shared.name + "'";
    const std::string what(start.what);
    const bool changes = *where != shared.variable->getLocation();
    const std::string fate = changes                      ? "the loop changes " + name + " here"
                             : isa<CXXForRangeStmt>(loop) ? name + " is another one each time round"
                                                          : name + " ends with the loop";
    findings.push_back(
        {Check::loop_variable_by_reference,
         shared.where,
         "the loop's variable " + name + " is shared with the " + what + " by reference, and the loop goes on",
         {{*where, fate + ", and nothing on the way has waited for the " + what}},
         copy_instead(start, shared, body.ast()),
         ""});
  }
}

}  // namespace

const Stmt* loop_of(const Stmt& root, const VarDecl& variable) {
  const Stmt* loop = nullptr;
  walk(&root, [&](const Stmt& node) {
    if (const auto* range = dyn_cast<CXXForRangeStmt>(&node)) {
      loop = range->getLoopVariable() == &variable ? range : loop;
    } else if (const auto* counted = dyn_cast<ForStmt>(&node)) {
      loop = declares(counted->getInit(), variable) ? counted : loop;
    }
  });
  return loop;
}

void loop_variable_by_reference(Body& body, Findings& findings) {
  for (const Start& start : starts_below(body.code())) {
    look_at_closure(body, start, findings);
  }
}

}  // namespace gordian::lint
