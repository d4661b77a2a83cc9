// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/display.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Demangle/Demangle.h>

#include <cstdlib>

#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

using Part = char* (llvm::ItaniumPartialDemangler::*)(char*, std::size_t*) const;

std::string demangled_part(llvm::StringRef linkage_name, Part part) {
  // What follows a dot is a clone's (`.resume` of a coroutine that was split). The demangler keeps pointers into it.
  const std::string mangled = linkage_name.split('.').first.str();
  llvm::ItaniumPartialDemangler demangler;
  if (demangler.partialDemangle(mangled.c_str())) {
    return {};
  }
  std::size_t size = 0;
  char* text = (demangler.*part)(nullptr, &size);
  std::string result = text == nullptr ? "" : text;
  std::free(text);
  return result;
}

// The end of a closure's name that starts at `at`: `$_0`, `'lambda'(int)`, `'lambda0'(int)`; its number goes to
// `number`.
std::size_t end_of_closure(llvm::StringRef name, std::size_t at, unsigned& number) {
  constexpr llvm::StringLiteral kQuoted = "'lambda";
  const bool quoted = name.substr(at).starts_with(kQuoted);
  std::size_t end = at + (quoted ? kQuoted.size() : 2);
  const llvm::StringRef digits = name.substr(end).take_while(llvm::isDigit);
  number = 0;
  const bool none = digits.empty() || digits.getAsInteger(10, number);
  number += none || !quoted ? 1 : 2;  // 'lambda', 'lambda0', 'lambda1', ... and $_0, $_1, ...
  end += digits.size();
  if (quoted) {
    ++end;  // the closing quote
    int depth = 0;
    do {
      depth += name[end] == '(' ? 1 : name[end] == ')' ? -1 : 0;
      ++end;
    } while (end < name.size() && depth > 0);
  }
  return std::min(end, name.size());
}

std::string with_readable_closures(llvm::StringRef name) {
  constexpr llvm::StringLiteral kCall = "::operator()";
  std::string result;
  for (std::size_t at = 0; at < name.size();) {
    const llvm::StringRef rest = name.substr(at);
    if (!rest.starts_with("$_") && !rest.starts_with("'lambda")) {
      result.push_back(name[at++]);
      continue;
    }
    unsigned number = 0;
    at = end_of_closure(name, at, number);
    result += "{lambda#" + std::to_string(number) + "}";
    if (name.substr(at).starts_with(kCall)) {
      at += kCall.size();
    }
  }
  return result;
}

// The length of an operator's own symbols after the word `operator`, which must not be taken for brackets.
std::size_t operator_length(llvm::StringRef symbols) {
  if (symbols.starts_with("()") || symbols.starts_with("[]")) {
    return 2;
  }
  return symbols.take_while([](char c) { return llvm::StringRef("<>=!+-*/%^&|~,").contains(c); }).size();
}

// Drops what surrounds the names of enclosing functions: return types, parameters, qualifiers.
//   void run<int>(int) const::{lambda#1}  ->  run<int>::{lambda#1}
std::string names_only(llvm::StringRef text) {
  constexpr llvm::StringLiteral kOperator = "operator";
  constexpr llvm::StringLiteral kAnonymous = "(anonymous namespace)";
  std::string result;
  int angles = 0;
  int parentheses = 0;
  bool in_operator = false;
  for (std::size_t at = 0; at < text.size();) {
    const llvm::StringRef rest = text.substr(at);
    const std::size_t fixed = rest.starts_with(kAnonymous)  ? kAnonymous.size()
                              : rest.starts_with(kOperator) ? kOperator.size() + operator_length(rest.drop_front(8))
                                                            : 0;
    if (fixed != 0 && parentheses == 0) {
      in_operator |= rest.starts_with(kOperator) && angles == 0;
      result += rest.take_front(fixed);
      at += fixed;
      continue;
    }
    const char c = text[at++];
    angles += parentheses > 0 ? 0 : c == '<' ? 1 : c == '>' ? -1 : 0;
    if (parentheses == 0 && (angles > 0 || c == '>')) {
      result += c;
      continue;
    }
    parentheses += c == '(' ? 1 : 0;
    if (parentheses == 0 && c == ' ' && !in_operator) {
      // A qualifier before `::`, else the end of a return type.
      const bool qualifier = text.substr(at).starts_with("const::");
      result = qualifier ? result : "";
      at += qualifier ? llvm::StringRef("const").size() : 0;
    } else if (parentheses == 0) {
      result += c;
    }
    parentheses -= c == ')' ? 1 : 0;
  }
  return result;
}

std::string scope_prefix(const llvm::DIScope* scope) {
  std::string prefix;
  for (; scope != nullptr; scope = scope->getScope()) {
    if (const auto* subprogram = llvm::dyn_cast<llvm::DISubprogram>(scope)) {
      return function_name(*subprogram) + "::" + prefix;
    }
    if (!llvm::isa<llvm::DINamespace>(scope) && !llvm::isa<llvm::DIType>(scope)) {
      continue;
    }
    const auto* space = llvm::dyn_cast<llvm::DINamespace>(scope);
    const bool shown = !scope->getName().empty() && (space == nullptr || !space->getExportSymbols());
    prefix = shown ? (scope->getName() + "::" + prefix).str() : prefix;
  }
  return prefix;
}

}  // namespace

std::string function_name(llvm::StringRef linkage_name) {
  const std::string demangled = demangled_part(linkage_name, &llvm::ItaniumPartialDemangler::getFunctionName);
  return demangled.empty() ? linkage_name.str() : names_only(with_readable_closures(demangled));
}

std::string function_name(const llvm::DISubprogram& subprogram) {
  const llvm::StringRef linkage = subprogram.getLinkageName();
  return linkage.empty() ? subprogram.getName().str() : function_name(linkage);
}

std::string function_context(llvm::StringRef linkage_name) {
  return demangled_part(linkage_name, &llvm::ItaniumPartialDemangler::getFunctionDeclContextName);
}

std::string qualified_name(const llvm::DIType& type) {
  if (type.getName().empty()) {
    return {};
  }
  const llvm::DIScope* scope = type.getScope();
  // A class of a function is known there by its own name.
  const bool local = llvm::isa_and_nonnull<llvm::DILocalScope>(scope);
  return (local ? "" : scope_prefix(scope)) + type.getName().str();
}

std::string qualified_name(const llvm::DIGlobalVariable& variable) {
  const llvm::DIScope* scope = variable.getScope();
  const bool local = llvm::isa_and_nonnull<llvm::DILocalScope>(scope);
  return (local ? "" : scope_prefix(scope)) + variable.getName().str();
}

bool is_library_scope(const llvm::DIScope* scope) {
  for (; scope != nullptr; scope = scope->getScope()) {
    if (llvm::isa<llvm::DINamespace>(scope) &&
        (scope->getName() == "std" || scope->getName() == "gordian" || scope->getName() == "__gnu_cxx")) {
      return true;
    }
  }
  return false;
}

bool is_reserved(llvm::StringRef identifier) {
  return identifier.starts_with("__") ||
         (identifier.size() > 1 && identifier[0] == '_' && llvm::isUpper(identifier[1]));
}

}  // namespace gordian::pass
