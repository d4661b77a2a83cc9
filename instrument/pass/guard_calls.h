// SPDX-License-Identifier: Apache-2.0
// On which argument a call is made. Usually the first pointer; but a result that is returned through memory is not it,
// and standard lock guards stand for the lock they were given. Where a call is made on several objects there is no
// answer.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/IR/InstrTypes.h>

namespace gordian::pass {

[[nodiscard]] const llvm::Value* object_of_call(const llvm::CallBase& call);

// By its qualified name: std::lock_guard<...> and its kin, which never lend a lock their own name.
[[nodiscard]] bool is_lock_guard(llvm::StringRef class_name);

}  // namespace gordian::pass
