// SPDX-License-Identifier: Apache-2.0
// What the source calls the memory behind a pointer, from debug information and type-based alias tags. A name is never
// a guess: where the compiler's own records do not tell, it is "".
//   `counter`          a global, a local, or what a reference of that name is bound to
//   `config.limit`     a field of such a variable
//   `Counter::value`   a field of whatever object a pointer, a reference or `this` leads to
//   `buffer[]` `*next` an element; what the pointer `next` points to
#pragma once

#include <llvm/ADT/StringMap.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/Instructions.h>

#include <optional>
#include <string>

#include "instrument/pass/type_path.h"
#include "runtime/trace/site_table.h"

namespace gordian::pass {

struct ObjectName {
  std::string text;
  trace::NameKind kind = trace::NameKind::none;
};

class Names {
 public:
  explicit Names(const llvm::Module& module);

  [[nodiscard]] ObjectName of_access(const llvm::Instruction& access, const llvm::Value& address,
                                     std::uint64_t size) const;
  // The object of the call's first pointer argument: `Account::mu`, `accounts[0].mu`, `jobs`.
  [[nodiscard]] std::string of_call_object(const llvm::CallBase& call) const;
  [[nodiscard]] static std::string of_callee(const llvm::CallBase& call);

 private:
  struct Root;
  class Search;

  const llvm::DataLayout& layout_;
  llvm::StringMap<const llvm::DICompositeType*> classes_;  // by identifier (mangled name), as alias tags spell it
};

// The debug record that declares the global itself (not a part of it), or null.
[[nodiscard]] const llvm::DIGlobalVariable* declaration_of(const llvm::GlobalVariable& global);

}  // namespace gordian::pass
