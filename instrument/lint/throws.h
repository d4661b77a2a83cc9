// SPDX-License-Identifier: Apache-2.0
// May an exception leave this step? By the type of what is called, and where its code is at hand, by its code: most of
// the standard library is not declared noexcept and throws nothing all the same.
#pragma once

#include <clang/AST/ExprCXX.h>
#include <llvm/ADT/DenseMap.h>

#include <string>

namespace gordian::lint {

class Throws {
 public:
  // The word for what may throw: a function's name, "new", "throw"; "" if nothing can.
  [[nodiscard]] std::string word(const clang::Stmt& step);

 private:
  bool call(const clang::FunctionDecl* function, const clang::FunctionProtoType* type);
  bool code(const clang::FunctionDecl& function);
  bool below(const clang::Stmt* root);

  llvm::DenseMap<const clang::FunctionDecl*, bool> functions_;
};

}  // namespace gordian::lint
