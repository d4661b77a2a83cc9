// SPDX-License-Identifier: Apache-2.0
// What a check gets and what it gives: one function body of a translation unit, and findings as data. A check decides
// and never prints. When it is not sure it stays silent: a false alarm costs more than a miss, the recorded run finds
// the rest.
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/AST/ExprCXX.h>
#include <clang/Analysis/CFG.h>
#include <clang/Basic/Diagnostic.h>

#include <memory>
#include <string>
#include <vector>

namespace gordian::lint {

enum class Severity { warning, note };

enum class Check {
#define GORDIAN_CHECK(function, name, severity, what) function,
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
};

struct Note {
  clang::SourceLocation where;
  std::string text;
};

struct Finding {
  Check check;
  clang::SourceLocation where;
  std::string text;
  std::vector<Note> notes;
  std::vector<clang::FixItHint> fixes;
  std::string needs_header;  // that the fixes need, as in #include <...>
};
using Findings = std::vector<Finding>;

class Unit;

// A function with its code; a lambda's body is one of its own.
class Body {
 public:
  Body(Unit& unit, const clang::FunctionDecl& function) : unit_(unit), function_(function) {}

  [[nodiscard]] Unit& unit() const { return unit_; }
  [[nodiscard]] clang::ASTContext& ast() const { return function_.getASTContext(); }
  [[nodiscard]] const clang::FunctionDecl& function() const { return function_; }
  [[nodiscard]] const clang::Stmt& code() const { return *function_.getBody(); }

  // With every expression as an element of its own, destructors, and the ends of variables' lives. Built when first
  // asked for; null if clang cannot build one, or if it is too large to be walked.
  const clang::CFG* flow();

 private:
  Unit& unit_;
  const clang::FunctionDecl& function_;
  std::unique_ptr<clang::CFG> flow_;
  bool asked_ = false;
};

#define GORDIAN_CHECK(function, name, severity, what) void function(Body& body, Findings& findings);
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK

}  // namespace gordian::lint
