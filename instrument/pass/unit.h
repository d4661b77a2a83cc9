// SPDX-License-Identifier: Apache-2.0
// What one translation unit gives to the runtime: function ids to be filled in, the site table, the addresses of its
// globals, and a constructor and destructor that hand over the descriptor.
#pragma once

#include <llvm/IR/Module.h>

#include "instrument/pass/hook_table.h"
#include "instrument/pass/site_table_writer.h"

namespace gordian::pass {

class Unit {
 public:
  explicit Unit(llvm::Module& module);

  // The element of function_ids for a function of the site table.
  [[nodiscard]] llvm::Constant* function_id(std::uint32_t function) const;
  // Emits everything; `globals` in the order of the site table's.
  void emit(const SiteTableWriter& table, llvm::ArrayRef<llvm::GlobalVariable*> globals, const HookTable& hooks);

 private:
  llvm::GlobalVariable* constant(llvm::Constant* initializer, const llvm::Twine& name, bool writable = false);
  llvm::GlobalVariable* descriptor(const SiteTableWriter& table, llvm::ArrayRef<llvm::GlobalVariable*> globals);
  llvm::Function* calls(const llvm::Twine& name, llvm::FunctionCallee hook, llvm::Value* argument);

  llvm::Module& module_;
  llvm::GlobalVariable* placeholder_;  // stands for function_ids until their number is known
};

}  // namespace gordian::pass
