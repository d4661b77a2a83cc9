// SPDX-License-Identifier: Apache-2.0
// lock() and unlock() as two statements of one block, and between them something that may throw: the lock then stays
// held for ever. The cure is a guard, offered where nothing else changes: the block ends with the unlock, and no
// destructor that does something moves under the lock.
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

#include <algorithm>

#include "instrument/lint/check.h"
#include "instrument/lint/unit.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

// block[lock] takes the lock, block[unlock] releases it.
struct Pair {
  llvm::ArrayRef<Stmt*> block;
  std::size_t lock;
  std::size_t unlock;
  LockCall call;
  Place place;

  [[nodiscard]] llvm::ArrayRef<Stmt*> between() const { return block.slice(lock + 1, unlock - lock - 1); }
};

std::optional<LockCall> lock_statement(const Stmt* statement) {
  const auto* expression = dyn_cast<Expr>(statement);
  return expression != nullptr ? lock_call(*expression->IgnoreImplicit()) : std::nullopt;
}

std::optional<Pair> pair_from(llvm::ArrayRef<Stmt*> block, std::size_t first) {
  const auto taken = lock_statement(block[first]);
  auto place = taken && taken->locks ? place_of(taken->lock) : std::nullopt;
  if (!place || place->object() == nullptr) {
    return std::nullopt;
  }
  for (std::size_t i = first + 1; i < block.size(); ++i) {
    const auto call = lock_statement(block[i]);
    if (call && !call->locks && call->shared == taken->shared && place_of(call->lock) == place) {
      return Pair{block, first, i, *taken, std::move(*place)};
    }
  }
  return std::nullopt;
}

bool mentions_lock(const Pair& pair, const Stmt* statement) {
  return any_below(
      statement,
      [&pair](const Stmt& node) {
        const auto* reference = dyn_cast<DeclRefExpr>(&node);
        const auto* member = dyn_cast<MemberExpr>(&node);
        return (reference != nullptr && reference->getDecl() == pair.place.object()) ||
               (member != nullptr && member->getMemberDecl() == pair.place.object());
      },
      Lambdas::enter);
}

bool jumps(const Stmt* statement) {
  return any_below(statement, [](const Stmt& node) {
    return isa<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt, IndirectGotoStmt, LabelStmt>(node);
  });
}

// Is the lock released where an exception is caught?
bool is_released_by_handler(const Body& body, const Pair& pair) {
  return any_below(&body.code(), [&](const Stmt& node) {
    return isa<CXXCatchStmt>(node) && mentions_lock(pair, llvm::cast<CXXCatchStmt>(node).getHandlerBlock());
  });
}

// What may throw, and where; nothing if all of it is harmless.
std::optional<Note> thrower(const Body& body, const Pair& pair) {
  std::optional<Note> found;
  for (const Stmt* statement : pair.between()) {
    walk(statement, [&](const Stmt& node) {
      const std::string word = found ? "" : body.unit().throws().word(node);
      if (!word.empty()) {
        found = Note{node.getBeginLoc(), word == "throw" ? "an exception is thrown here" : word + " may throw"};
      }
    });
  }
  return found;
}

bool has_trivial_end(const Stmt* statement) {
  const auto* declared = dyn_cast<DeclStmt>(statement);
  return declared == nullptr || std::all_of(declared->decl_begin(), declared->decl_end(), [](const Decl* one) {
           const auto* variable = dyn_cast<VarDecl>(one);
           const CXXRecordDecl* record = variable != nullptr ? class_of(variable->getType()) : nullptr;
           return record == nullptr || record->hasTrivialDestructor();
         });
}

bool is_nothing_or_plain_return(llvm::ArrayRef<Stmt*> rest) {
  if (rest.empty()) {
    return true;
  }
  const auto* leave = dyn_cast<ReturnStmt>(rest.front());
  const Expr* value =
      leave != nullptr && leave->getRetValue() != nullptr ? leave->getRetValue()->IgnoreImplicit() : nullptr;
  const auto* named = value != nullptr ? dyn_cast<DeclRefExpr>(value->IgnoreParenImpCasts()) : nullptr;
  const auto* local = named != nullptr ? dyn_cast<VarDecl>(named->getDecl()) : nullptr;
  const bool is_local = local != nullptr && local->hasLocalStorage() && local->getType()->isScalarType();
  return rest.size() == 1 && leave != nullptr &&
         (value == nullptr || isa<IntegerLiteral, CXXBoolLiteralExpr>(value) || is_local);
}

bool is_name_taken(const Body& body, llvm::StringRef name) {
  return any_below(
      &body.code(),
      [name](const Stmt& node) {
        const auto* reference = dyn_cast<DeclRefExpr>(&node);
        const auto* member = dyn_cast<MemberExpr>(&node);
        const NamedDecl* named = reference != nullptr ? reference->getDecl()
                                 : member != nullptr  ? member->getMemberDecl()
                                                      : nullptr;
        const auto* declared = dyn_cast<DeclStmt>(&node);
        const auto has_name = [name](const Decl* one) {
          return isa<NamedDecl>(one) && llvm::cast<NamedDecl>(one)->getDeclName().isIdentifier() &&
                 llvm::cast<NamedDecl>(one)->getName() == name;
        };
        return (named != nullptr && has_name(named)) ||
               (declared != nullptr && std::any_of(declared->decl_begin(), declared->decl_end(), has_name));
      },
      Lambdas::enter);
}

// The statement with its semicolon, and with the rest of its line if nothing else stands there.
std::optional<CharSourceRange> whole_line(const Stmt& statement, const ASTContext& ast) {
  const SourceManager& sources = ast.getSourceManager();
  const SourceLocation after =
      Lexer::findLocationAfterToken(statement.getEndLoc(), tok::semi, sources, ast.getLangOpts(), true);
  if (after.isInvalid() || statement.getBeginLoc().isMacroID()) {
    return std::nullopt;
  }
  const auto [file, offset] = sources.getDecomposedLoc(statement.getBeginLoc());
  const llvm::StringRef before = sources.getBufferData(file).take_front(offset);
  const std::size_t indentation = before.size() - before.rtrim(" \t").size();
  const bool stands_alone = before.rtrim(" \t").ends_with("\n");
  return CharSourceRange::getCharRange(
      statement.getBeginLoc().getLocWithOffset(stands_alone ? -static_cast<int>(indentation) : 0), after);
}

std::vector<FixItHint> guard_instead(const Body& body, const Pair& pair) {
  const auto& between = pair.between();
  const Stmt& first = *pair.block[pair.lock];
  const Stmt& last = *pair.block[pair.unlock];
  const auto* method = dyn_cast<CXXMemberCallExpr>(llvm::cast<Expr>(&first)->IgnoreImplicit());
  if (method == nullptr || !std::all_of(between.begin(), between.end(), has_trivial_end) ||
      !is_nothing_or_plain_return(pair.block.drop_front(pair.unlock + 1)) || is_name_taken(body, "guard")) {
    return {};
  }
  const ASTContext& ast = body.ast();
  const Expr* object = method->getImplicitObjectArgument()->IgnoreImplicit();
  const CharSourceRange spelled = CharSourceRange::getTokenRange(object->getSourceRange());
  const llvm::StringRef lock = Lexer::getSourceText(spelled, ast.getSourceManager(), ast.getLangOpts());
  const auto unlock_line = whole_line(last, ast);
  if (lock.empty() || !unlock_line || first.getBeginLoc().isMacroID()) {
    return {};
  }
  const bool is_pointer = object->getType()->isPointerType();
  const std::string type = pair.call.shared ? "std::shared_lock" : "std::scoped_lock";
  return {FixItHint::CreateReplacement(first.getSourceRange(),
                                       type + " guard(" + (is_pointer ? "*" : "") + lock.str() + ")"),
          FixItHint::CreateRemoval(*unlock_line)};
}

void look_at(const Body& body, const Pair& pair, Findings& findings) {
  const auto is_unclear = [&](const Stmt* statement) { return mentions_lock(pair, statement) || jumps(statement); };
  const auto between = pair.between();
  if (std::any_of(between.begin(), between.end(), is_unclear) || is_released_by_handler(body, pair)) {
    return;
  }
  if (const auto note = thrower(body, pair)) {
    const std::string name = "'" + pair.place.spelled() + "'";
    const std::string cure = pair.call.shared ? "std::shared_lock" : "std::scoped_lock";
    findings.push_back({Check::unlock_not_deferred,
                        pair.block[pair.lock]->getBeginLoc(),
                        name + " stays locked if an exception comes before its unlock; let a " + cure + " hold it",
                        {*note, {pair.block[pair.unlock]->getBeginLoc(), "the unlock, which is then left out"}},
                        guard_instead(body, pair),
                        pair.call.shared ? "shared_mutex" : "mutex"});
  }
}

}  // namespace

void unlock_not_deferred(Body& body, Findings& findings) {
  if (!body.ast().getLangOpts().CXXExceptions || is_annotated(body.function())) {
    return;
  }
  walk(&body.code(), [&](const Stmt& node) {
    const auto* block = dyn_cast<CompoundStmt>(&node);
    const llvm::ArrayRef<Stmt*> statements =
        block != nullptr ? llvm::ArrayRef(block->body_begin(), block->size()) : llvm::ArrayRef<Stmt*>();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (const auto pair = pair_from(statements, i)) {
        look_at(body, *pair, findings);
      }
    }
  });
}

}  // namespace gordian::lint
