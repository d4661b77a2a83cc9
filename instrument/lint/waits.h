// SPDX-License-Identifier: Apache-2.0
// Could this step wait for another goroutine or thread? "No" is only said of what is known: functions of the standard
// library that do not synchronise, C functions that do not block, code of the program that can be read down to such
// functions. So a way without a wait is one on which certainly nobody was waited for.
#pragma once

#include <clang/AST/ExprCXX.h>
#include <clang/Analysis/CFG.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallPtrSet.h>

namespace gordian::lint {

class Waits {
 public:
  [[nodiscard]] bool may_wait(const clang::CFGElement& element);

 private:
  bool node(const clang::Stmt& node);
  bool call(const clang::CallExpr& call);
  void note_moved(const clang::CallExpr& call);
  bool takes_what_may_wait(llvm::ArrayRef<const clang::Expr*> arguments);
  bool function(const clang::FunctionDecl* function);
  bool decide(const clang::FunctionDecl& function);
  bool code(const clang::FunctionDecl& function);
  bool end_of(clang::QualType type);
  bool destructor(const clang::CXXRecordDecl& record);

  // While the answer is being looked for: a recursive function may wait; a recursive type adds nothing.
  llvm::DenseMap<const clang::FunctionDecl*, bool> functions_;
  llvm::DenseMap<const clang::CXXRecordDecl*, bool> destructors_;
  llvm::SmallPtrSet<const clang::CXXBindTemporaryExpr*, 8> moved_;
};

}  // namespace gordian::lint
