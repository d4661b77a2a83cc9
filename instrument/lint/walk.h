// SPDX-License-Identifier: Apache-2.0
// Walking a syntax tree by hand. Bodies of lambdas are other functions' code: a walk enters them only if it says so.
#pragma once

#include <clang/AST/ExprCXX.h>
#include <clang/AST/Stmt.h>

namespace gordian::lint {

enum class Lambdas { skip, enter };

// Calls visit(const Stmt&) for every statement and expression below root, root first.
template <class Visit>
void walk(const clang::Stmt* root, Visit&& visit, Lambdas lambdas = Lambdas::skip) {
  if (root == nullptr) {
    return;
  }
  visit(*root);
  if (const auto* lambda = llvm::dyn_cast<clang::LambdaExpr>(root)) {
    for (const clang::Expr* init : lambda->capture_inits()) {
      walk(init, visit, lambdas);
    }
    if (lambdas == Lambdas::enter) {
      walk(lambda->getBody(), visit, lambdas);
    }
    return;
  }
  for (const clang::Stmt* child : root->children()) {
    walk(child, visit, lambdas);
  }
}

// Is there a node below root for which test(const Stmt&) holds?
template <class Test>
bool any_below(const clang::Stmt* root, Test&& test, Lambdas lambdas = Lambdas::skip) {
  bool found = false;
  walk(root, [&](const clang::Stmt& node) { found = found || test(node); }, lambdas);
  return found;
}

inline bool contains(const clang::Stmt* root, const clang::Stmt* wanted, Lambdas lambdas = Lambdas::skip) {
  return any_below(root, [wanted](const clang::Stmt& node) { return &node == wanted; }, lambdas);
}

}  // namespace gordian::lint
