// SPDX-License-Identifier: Apache-2.0
// Findings as a SARIF 2.1.0 log (OASIS), which code hosts and editors show beside the code: one run, a rule per check,
// fixes included.
#pragma once

#include <clang/AST/ASTContext.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "instrument/lint/check.h"

namespace gordian::lint {

class SarifLog {
 public:
  void add(const clang::ASTContext& ast, const Finding& finding);
  void write(llvm::raw_ostream& out) const;

 private:
  llvm::json::Array results_;
};

}  // namespace gordian::lint
