// SPDX-License-Identifier: Apache-2.0
// Variables that belong to a loop: declared in the head of a `for`, new or changed each time round.
#pragma once

#include <clang/AST/StmtCXX.h>

namespace gordian::lint {

// The loop below root in whose head the variable is declared; null if there is none.
const clang::Stmt* loop_of(const clang::Stmt& root, const clang::VarDecl& variable);

}  // namespace gordian::lint
