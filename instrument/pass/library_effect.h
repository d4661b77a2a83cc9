// SPDX-License-Identifier: Apache-2.0
// What a call of a library function does behind one of its pointers.
#pragma once

#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/trace/site_table.h"

namespace gordian::pass {

// A number or pointer that a rule needs: an argument of the call, its result, or a constant.
struct Operand {
  enum class Kind : std::uint8_t { constant, argument, result } kind = Kind::constant;
  std::uint64_t value = 0;  // of the constant, or index of the argument
};

struct LibraryEffect {
  trace::AccessKind kind = trace::AccessKind::read;
  Operand address;
  unsigned extent = GORDIAN_RT_EXTENT_bytes;  // gordian_rt_extent_rule
  Operand a;
  Operand b;
  bool before = false;
  // The address is a format that is known at run time only, which says what is read behind the arguments that come
  // after it, or in the list that does.
  enum class Format : std::uint8_t { none, arguments, list } format = Format::none;
};

}  // namespace gordian::pass
