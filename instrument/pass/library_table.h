// SPDX-License-Identifier: Apache-2.0
// The words of the tables of library functions: one line says what a function reads and writes behind its arguments.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <array>
#include <cstddef>

#include "instrument/pass/library_effect.h"

namespace gordian::pass {

constexpr std::size_t kMostEffects = 3;

struct LibraryFunction {
  llvm::StringLiteral name;
  std::array<LibraryEffect, kMostEffects> effects;
  std::size_t count = 0;

  template <class... Effects>
  constexpr LibraryFunction(llvm::StringLiteral of, Effects... given)
      : name(of), effects{given...}, count(sizeof...(given)) {}
};

constexpr Operand arg(std::uint64_t index) { return {Operand::Kind::argument, index}; }
constexpr Operand number(std::uint64_t value) { return {Operand::Kind::constant, value}; }
constexpr Operand kResult{Operand::Kind::result, 0};
constexpr Operand kNone = number(0);
constexpr Operand kNoLimit = number(GORDIAN_NO_LIMIT);

enum Extent : unsigned {  // gordian_rt_extent_rule, in the words of the table below
#define GORDIAN_EXTENT(rule) rule = GORDIAN_RT_EXTENT_##rule,
#include "runtime/abi/extents.def"
#undef GORDIAN_EXTENT
};

constexpr LibraryEffect reads(Operand address, Extent extent, Operand a = kNone, Operand b = kNone) {
  return {trace::AccessKind::read, address, extent, a, b, false};
}
constexpr LibraryEffect writes(Operand address, Extent extent, Operand a = kNone, Operand b = kNone) {
  return {trace::AccessKind::write, address, extent, a, b, false};
}
// Before the call: what hands bytes on.
constexpr LibraryEffect sends(Operand address, Extent extent, Operand a = kNone, Operand b = kNone) {
  return {trace::AccessKind::read, address, extent, a, b, true};
}

constexpr LibraryEffect reads_text(std::uint64_t index) { return reads(arg(index), text, kNoLimit); }
constexpr LibraryEffect reads_wide_text(std::uint64_t index) { return reads(arg(index), wide_text, kNoLimit); }
constexpr LibraryEffect writes_text(std::uint64_t index) { return writes(arg(index), text, kNoLimit); }
// Before the call: what it does while it may hand bytes on.
constexpr LibraryEffect writes_first(Operand address, Extent extent) {
  return {trace::AccessKind::write, address, extent, kNone, kNone, true};
}

// What the settings of a stream are called in the rule.
constexpr Operand kFlags = number(0);
constexpr Operand kWidth = number(1);
constexpr Operand kPrecision = number(2);

[[nodiscard]] llvm::ArrayRef<LibraryFunction> c_functions();            // library_table.cc
[[nodiscard]] llvm::ArrayRef<LibraryFunction> stream_functions();       // stream_table.cc
[[nodiscard]] llvm::ArrayRef<LibraryFunction> wide_stream_functions();  // wide_stream_table.cc

}  // namespace gordian::pass
