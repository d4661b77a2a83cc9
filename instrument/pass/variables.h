// SPDX-License-Identifier: Apache-2.0
// The source variables that debug records tie to a value of the IR: those that live where the value points, and those
// whose own value it is. Best first: variables of the function that the asking instruction came from, then the user's,
// then a library's.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>

#include <cstdint>

namespace gordian::pass {

using Variables = llvm::SmallVector<const llvm::DILocalVariable*, 4>;

// Variables that live at the address (an alloca, or what a `deref` record says).
[[nodiscard]] Variables variables_at(const llvm::Value& address, const llvm::Instruction& asking);
// Variables whose address is stored at `slot`: arguments passed by hidden reference in unoptimised code.
[[nodiscard]] Variables variables_behind(const llvm::Value& slot, const llvm::Instruction& asking);
// Variables that have the value.
[[nodiscard]] Variables variables_equal(const llvm::Value& value, const llvm::Instruction& asking);

struct VariablePart {
  const llvm::DILocalVariable* variable = nullptr;
  std::int64_t offset = 0;  // bytes
};
// The same, also of which the value is but a part.
[[nodiscard]] llvm::SmallVector<VariablePart, 4> parts_equal(const llvm::Value& value, const llvm::Instruction& asking);

// What is stored at a slot that is written once: unoptimised code keeps every reference in such a slot. Else null.
[[nodiscard]] const llvm::Value* only_value_stored(const llvm::Value& slot);
// Unoptimised code: the slot of the range that a range-based for loop's iterator walks; null if it is no such iterator.
[[nodiscard]] const llvm::AllocaInst* range_of_iterator(const llvm::AllocaInst& iterator);

// What the variable may be called in a report; "" for a library's, for a reserved name and for `this`.
[[nodiscard]] llvm::StringRef shown_name(const llvm::DILocalVariable& variable);

}  // namespace gordian::pass
