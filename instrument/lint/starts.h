// SPDX-License-Identifier: Apache-2.0
// Places where a goroutine or a thread begins, and which variables of the starting function it gets by reference.
#pragma once

#include <clang/AST/ExprCXX.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/lint/place.h"

namespace gordian::lint {

struct Shared {
  const clang::VarDecl* variable;
  std::string name;                     // a structured binding's, if the variable has none itself
  clang::SourceLocation where;          // the capture, or the argument
  const clang::LambdaCapture* capture;  // null for an argument
};

struct Start {
  const clang::Expr* at;          // the call or construction
  std::string_view what;          // "goroutine" or "thread"
  const clang::LambdaExpr* body;  // if it is one that the function itself wrote
  std::optional<Place> group;     // the WaitGroup or ErrGroup whose go() it is
  std::vector<Shared> shared;     // variables with automatic storage that it reaches by reference
};

// The start that this node is, if it is one.
std::optional<Start> start_of(const clang::Stmt& node);

// All below root; those in lambdas belong to the lambdas.
std::vector<Start> starts_below(const clang::Stmt& root);

}  // namespace gordian::lint
