// SPDX-License-Identifier: Apache-2.0
// Names for people: functions with their namespaces and template arguments but without return type and parameters,
// lambdas as `main::{lambda#1}`, types and variables with their namespaces.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include <string>

namespace gordian::pass {

[[nodiscard]] std::string function_name(llvm::StringRef linkage_name);
[[nodiscard]] std::string function_name(const llvm::DISubprogram& subprogram);
// The class that a member function belongs to, or the namespace; "" if none.
[[nodiscard]] std::string function_context(llvm::StringRef linkage_name);

// `bank::Account`; "" for a type without a name (a closure, an anonymous struct).
[[nodiscard]] std::string qualified_name(const llvm::DIType& type);
[[nodiscard]] std::string qualified_name(const llvm::DIGlobalVariable& variable);
// Declared inside namespace std or gordian, or with a reserved name: its insides mean nothing to the user.
[[nodiscard]] bool is_library_scope(const llvm::DIScope* scope);
[[nodiscard]] bool is_reserved(llvm::StringRef identifier);

}  // namespace gordian::pass
