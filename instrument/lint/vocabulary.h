// SPDX-License-Identifier: Apache-2.0
// The words that the checks know: Gordian's, the standard library's and POSIX's names for locks, guards, channels, wait
// groups. Locks of users count if they carry clang's capability attributes.
#pragma once

#include <clang/AST/ExprCXX.h>

#include <optional>
#include <string>
#include <string_view>

#include "instrument/lint/place.h"

namespace gordian::lint {

// Without template arguments and inline namespaces; "" for null.
std::string qualified_name(const clang::NamedDecl* declaration);
// The class of a type, references removed; null if it is none.
const clang::CXXRecordDecl* class_of(clang::QualType type);
bool is_class(clang::QualType type, std::string_view name);
bool is_in_std(const clang::Decl& declaration);

// What a call or a construction calls; null if that is only known at run time.
const clang::FunctionDecl* callee_of(const clang::Stmt& node);

// A method call on an object of the class (or of one derived from it) that it is declared in.
struct Method {
  const clang::CXXMemberCallExpr* call;
  std::string of;    // the class that declares it
  std::string name;  // its own
};
std::optional<Method> method_of(const clang::Stmt& node);

struct LockCall {
  bool locks;  // or unlocks
  bool shared;
  const clang::Expr* lock;  // the expression for the lock itself
};
// A lock or unlock of a lock, not through a guard, that cannot fail.
std::optional<LockCall> lock_call(const clang::Stmt& node);
// std::scoped_lock and its like, and classes with clang's scoped_lockable.
bool is_guard(clang::QualType type);
bool is_lock(clang::QualType type);

// Does the call on a gordian::WaitGroup have this name? Its object if so.
std::optional<Place> wait_group_call(const clang::Stmt& node, std::string_view name);

// The word for a channel operation that may block ("send", "receive", "select"); "" if the node is none.
std::string_view blocking_channel_word(const clang::Stmt& node);

// Does the function's type, or an attribute of thread-safety analysis, say that it returns with locks changed?
bool is_annotated(const clang::FunctionDecl& function);

}  // namespace gordian::lint
