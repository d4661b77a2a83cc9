// SPDX-License-Identifier: Apache-2.0
// A translation unit: its functions, and what is asked of all of them together.
#pragma once

#include <clang/AST/ASTContext.h>

#include <set>
#include <vector>

#include "instrument/lint/check.h"
#include "instrument/lint/throws.h"
#include "instrument/lint/waits.h"

namespace gordian::lint {

class Unit {
 public:
  explicit Unit(clang::ASTContext& ast);

  [[nodiscard]] std::vector<Body>& bodies() { return bodies_; }
  [[nodiscard]] Waits& waits() { return waits_; }
  [[nodiscard]] Throws& throws() { return throws_; }

  // Is the lock released in a function that does not take it itself? Then other functions may count on it. What is
  // deferred belongs to the function that defers it.
  [[nodiscard]] bool is_released_elsewhere(const clang::ValueDecl& lock) const {
    return released_alone_.contains(&lock);
  }
  // Can all code that uses the variable or field be seen in this unit?
  [[nodiscard]] bool is_all_seen(const clang::ValueDecl& lock) const;

 private:
  void note_deferred(const clang::Stmt& node);
  void note_locks(const Body& body);

  clang::ASTContext& ast_;
  std::vector<Body> bodies_;
  std::set<const clang::FunctionDecl*> deferred_;  // bodies of lambdas that a gordian::Defer holds
  std::set<const clang::ValueDecl*> released_alone_;
  Waits waits_;
  Throws throws_;
};

// The lambda that a variable of type gordian::Defer calls at its end; null if the variable is none.
const clang::FunctionDecl* deferred_by(const clang::VarDecl& variable);

}  // namespace gordian::lint
