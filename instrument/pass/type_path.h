// SPDX-License-Identifier: Apache-2.0
// From a debug type and an offset to the words a programmer would write: `.limit`, `[].balance`, `.mu`.
// The walk stops, and names what it has reached, where it would have to guess: at a union, between bit-fields, at an
// access that spans several members, at a variable index that may leave its array. It also stops at types of std and
// gordian: their insides are not the user's.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include <cstdint>
#include <string>

namespace gordian::pass {

// Where a pointer points, relative to an object: constant bytes, then variable multiples of `scales`, then constant
// bytes again. Constants after a variable part may belong to its index.
struct Displacement {
  std::int64_t lead = 0;
  llvm::SmallVector<std::uint64_t, 2> scales;
  std::int64_t trail = 0;
};

enum class IndexStyle { any, exact };  // `table[]` or, where the index is a constant, `table[3]`

struct TypePath {
  std::string text;                    // starts with "." or "[", or is empty
  const llvm::DIType* type = nullptr;  // of what the text names; typedefs removed
  std::int64_t offset = 0;             // of the place within it
  bool element = false;                // the last step was an index
};

[[nodiscard]] const llvm::DIType* strip_typedefs(const llvm::DIType* type);
// What a pointer or reference type points to; null if it is neither, or void.
[[nodiscard]] const llvm::DIType* pointee(const llvm::DIType* type);
[[nodiscard]] bool is_reference(const llvm::DIType* type);
[[nodiscard]] bool is_class(const llvm::DIType* type);
// Of the innermost member at [offset, offset + size), through libraries' classes too: the type that vector's data has.
[[nodiscard]] const llvm::DIType* member_type(const llvm::DIType* type, std::int64_t offset, std::int64_t size);

// Walks as far as [place, place + size) lies within one member; size 0 walks to the outermost type that is a library's
// or has the qualified name `wanted`, or else stays at the first type that starts exactly there.
[[nodiscard]] TypePath walk_type(const llvm::DIType* type, const Displacement& place, std::uint64_t size,
                                 IndexStyle style, llvm::StringRef wanted = {});

}  // namespace gordian::pass
