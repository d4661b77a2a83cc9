// SPDX-License-Identifier: Apache-2.0
// Which memory accesses of a function are recorded. An access is left out only if no other goroutine can ever make one
// to the same memory (private_objects.h), if the memory never changes, or if it is the compiler's own. Accesses come in
// runs: within one block, with no call between them that may record (but see raised_runs.h).
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>

#include <optional>

#include "instrument/pass/counts.h"
#include "instrument/pass/library_effect.h"
#include "instrument/pass/private_arguments.h"
#include "instrument/pass/quiet_functions.h"
#include "runtime/trace/site_table.h"

namespace gordian::pass {

struct Access {
  llvm::Instruction* instruction = nullptr;
  llvm::Value* address = nullptr;
  std::uint64_t size = 0;         // bytes; 0: see length
  llvm::Value* length = nullptr;  // of a range, else null
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint32_t site = 0;                 // number within the function
  std::optional<LibraryEffect> effect{};  // of a call of the C library: how far it reaches
  bool is_covered = false;                // need not be recorded: `covered_by` is (covered.h)
  const Access* covered_by = nullptr;
  bool is_in_group = false;      // and told by the first one of it (groups.h)
  llvm::Value* count = nullptr;  // of a strided range: how many of that size, how far apart; else null
  llvm::Value* stride = nullptr;
  llvm::Value* rows = nullptr;  // of a range of two dimensions: how often that, how far apart; else null
  llvm::Value* row_stride = nullptr;
};

// An access of a loop that is told in front of the loop, before `place`: count accesses of the same size, stride apart,
// and that rows times, row_stride apart; rows null: once; count null: one access. With `left`, it is told where that
// loop is left: one access for each round that was begun; if the loop may have no end, the first one in front of it,
// too.
struct Hoisted {
  Access access;
  llvm::Instruction* place = nullptr;
  const llvm::SCEV* address = nullptr;
  const llvm::SCEV* count = nullptr;
  const llvm::SCEV* stride = nullptr;
  const llvm::SCEV* rows = nullptr;
  const llvm::SCEV* row_stride = nullptr;
  llvm::SmallVector<const llvm::Loop*, 2> loops{};  // in front of which it is told, inside out
  bool is_copied = false;                           // the address, by EarlyValue: it cannot be expanded
  const llvm::Loop* left = nullptr;
  bool may_be_endless = false;
};

// A call of libstdc++.so that works on a container's nodes.
struct NodeCall {
  unsigned helper = 0;  // gordian_rt_node_helper
  Access reads;
  Access writes;
};

using Run = llvm::SmallVector<Access, 8>;

struct Selection {
  llvm::SmallVector<Run, 16> runs;        // plain accesses, in program order
  llvm::SmallVector<Hoisted, 4> hoisted;  // plain accesses of loops, once for all iterations
  llvm::SmallVector<Access, 4> ranges;    // of memory intrinsics whose length is not a small constant
  llvm::SmallVector<Access, 4> library;   // what calls of the C library do
  llvm::SmallVector<NodeCall, 2> nodes;
  llvm::SmallVector<Access, 4> atomics;  // loads, stores, read-modify-writes, compare-exchanges
  llvm::SmallVector<llvm::FenceInst*, 2> fences;
  llvm::SmallVector<llvm::CallBase*, 16> calls;  // that may record
  // Whatever ends an epoch, or may: also a run. (One ends at a quiet call, too: what follows has another stack.)
  llvm::SmallVector<const llvm::Instruction*, 16> barriers;
  Counts counts;

  [[nodiscard]] bool empty() const {
    return runs.empty() && hoisted.empty() && ranges.empty() && library.empty() && nodes.empty() && atomics.empty() &&
           fences.empty();
  }
};

[[nodiscard]] Selection select_accesses(llvm::Function& function, const llvm::TargetLibraryInfo& library,
                                        const QuietFunctions& quiet, const PrivateArguments& arguments);

}  // namespace gordian::pass
