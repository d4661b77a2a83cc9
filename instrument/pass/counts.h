// SPDX-License-Identifier: Apache-2.0
// How often each reduction was possible, and where: with -mllvm -gordian-stats a line each time, "gordian: NAME at
// FILE:LINE FILE:LINE ...", from the access outwards through what it was inlined into, and at the end of a module a
// line for each, "gordian: NAME COUNT". (LLVM's own statistics are not compiled into its packages.)
#pragma once

#include <llvm/IR/Value.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace gordian::pass {

enum class Count : std::uint8_t {
#define GORDIAN_COUNT(name, text) name,
#include "instrument/pass/counts.def"
#undef GORDIAN_COUNT
  how_many
};

class Counts {
 public:
  void add(Count what, const llvm::Value& where);
  void add(const Counts& other);
  void print() const;

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Count::how_many)> numbers_{};
};

}  // namespace gordian::pass
