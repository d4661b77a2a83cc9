// SPDX-License-Identifier: Apache-2.0
// A send, receive or select that may block while this function holds a lock: whoever could let it go on may need that
// lock first. Held is what a guard in scope holds, or what lock() took earlier in the same block. Advice, not a fault:
// the other side may well do without the lock.
#include <algorithm>

#include "instrument/lint/check.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;

struct Held {
  std::string name;
  SourceLocation since;
  std::optional<Place> place;  // of a lock taken by lock()
};
using HeldLocks = std::vector<Held>;

class Reader {
 public:
  Reader(const Body& body, Findings& findings) : body_(body), findings_(findings) {}
  // In source order; `held` is what is held when the statement begins, and afterwards what is held when it ends.
  void read(const Stmt* statement, HeldLocks& held);

 private:
  void read_block(const CompoundStmt& block, HeldLocks held);
  void read_declaration(const DeclStmt& declared, HeldLocks& held);
  void read_step(const Stmt& step, HeldLocks& held);
  [[nodiscard]] bool holds_to_its_end(const VarDecl& guard) const;

  const Body& body_;
  Findings& findings_;
};

std::string lock_names(const Expr* construction) {
  std::string names;
  const auto* made = dyn_cast_or_null<CXXConstructExpr>(construction);
  for (unsigned i = 0; made != nullptr && i < made->getNumArgs(); ++i) {
    const Expr* argument = made->getArg(i);
    const auto place = is_lock(argument->getType()) ? place_of(argument) : std::nullopt;
    names += place ? (names.empty() ? "'" : ", '") + place->spelled() + "'" : "";
  }
  return names.empty() ? "a lock" : names;
}

// A guard that takes the lock when it is made, and is neither moved, released nor unlocked before its scope ends.
bool Reader::holds_to_its_end(const VarDecl& guard) const {
  const auto* made = dyn_cast_or_null<CXXConstructExpr>(guard.getInit() != nullptr ? strip(guard.getInit()) : nullptr);
  if (made == nullptr || made->getNumArgs() == 0 || !is_guard(guard.getType())) {
    return false;
  }
  const bool takes_it = std::none_of(made->arg_begin(), made->arg_end(), [](const Expr* argument) {
    return is_class(argument->getType(), "std::defer_lock_t") || is_class(argument->getType(), "std::try_to_lock_t");
  });
  return takes_it && !any_below(
                         &body_.code(),
                         [&guard](const Stmt& node) {
                           const auto* reference = dyn_cast<DeclRefExpr>(&node);
                           return reference != nullptr && reference->getDecl() == &guard;
                         },
                         Lambdas::enter);
}

void Reader::read_block(const CompoundStmt& block, HeldLocks held) {
  for (const Stmt* statement : block.body()) {
    read(statement, held);
  }
}

void Reader::read_declaration(const DeclStmt& declared, HeldLocks& held) {
  for (const Decl* one : declared.decls()) {
    const auto* variable = dyn_cast<VarDecl>(one);
    if (variable != nullptr && holds_to_its_end(*variable)) {
      held.push_back({lock_names(strip(variable->getInit())), variable->getLocation(), std::nullopt});
    }
  }
}

void Reader::read_step(const Stmt& step, HeldLocks& held) {
  if (const auto call = lock_call(step)) {
    const auto place = place_of(call->lock);
    std::erase_if(held, [&place](const Held& one) { return one.place && (!place || one.place == place); });
    if (place && call->locks) {
      held.push_back({"'" + place->spelled() + "'", step.getBeginLoc(), place});
    }
    return;
  }
  const std::string_view word = blocking_channel_word(step);
  if (!word.empty() && !held.empty()) {
    findings_.push_back({Check::channel_op_under_lock,
                         step.getBeginLoc(),
                         "this " + std::string(word) + " may block while " + held.back().name + " is held",
                         {{held.back().since, held.back().name + " is taken here"}},
                         {},
                         ""});
  }
}

void Reader::read(const Stmt* statement, HeldLocks& held) {
  if (statement == nullptr) {
    return;
  }
  if (const auto* block = dyn_cast<CompoundStmt>(statement)) {
    read_block(*block, held);
    // What a nested block does to a lock counts for what follows: an unlock on one way is enough for silence.
    walk(block, [&](const Stmt& node) {
      const auto call = lock_call(node);
      const auto place = call ? place_of(call->lock) : std::nullopt;
      std::erase_if(held, [&](const Held& one) { return call && one.place && (!place || one.place == place); });
    });
    return;
  }
  if (const auto* lambda = dyn_cast<LambdaExpr>(statement)) {
    for (const Expr* init : lambda->capture_inits()) {
      read(init, held);
    }
    return;
  }
  if (const auto* range = dyn_cast<CXXForRangeStmt>(statement)) {
    read_step(*range, held);
    read(range->getRangeInit(), held);
    read(range->getBody(), held);
    return;
  }
  for (const Stmt* child : statement->children()) {
    read(child, held);
  }
  if (const auto* declared = dyn_cast<DeclStmt>(statement)) {
    read_declaration(*declared, held);
  }
  read_step(*statement, held);
}

}  // namespace

void channel_op_under_lock(Body& body, Findings& findings) {
  HeldLocks held;
  Reader(body, findings).read(&body.code(), held);
}

}  // namespace gordian::lint
