// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/counts.h"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include "instrument/pass/options.h"

namespace gordian::pass {
namespace {

constexpr const char* kCountNames[] = {
#define GORDIAN_COUNT(name, text) text,
#include "instrument/pass/counts.def"
#undef GORDIAN_COUNT
};

void print_place(Count what, const llvm::Value& where) {
  const auto* instruction = llvm::dyn_cast<llvm::Instruction>(&where);
  if (instruction == nullptr || !instruction->getDebugLoc()) {
    return;
  }
  llvm::errs() << "gordian: " << kCountNames[static_cast<std::size_t>(what)] << " at";
  for (const llvm::DILocation* at = instruction->getDebugLoc().get(); at != nullptr; at = at->getInlinedAt()) {
    llvm::errs() << ' ' << llvm::sys::path::filename(at->getFilename()) << ':' << at->getLine();
  }
  llvm::errs() << '\n';
}

}  // namespace

void Counts::add(Count what, const llvm::Value& where) {
  ++numbers_[static_cast<std::size_t>(what)];
  if (prints_counts()) {
    print_place(what, where);
  }
}

void Counts::add(const Counts& other) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    numbers_[i] += other.numbers_[i];
  }
}

void Counts::print() const {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    llvm::errs() << "gordian: " << kCountNames[i] << ' ' << numbers_[i] << '\n';
  }
}

}  // namespace gordian::pass
