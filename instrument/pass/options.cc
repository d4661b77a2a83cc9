// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/options.h"

#include <llvm/Support/CommandLine.h>

namespace gordian::pass {
namespace {

enum class Keep { reduced, marked };

llvm::cl::opt<bool> heap("gordian-heap", llvm::cl::desc("leave out allocated memory that nobody else can name"),
                         llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> arguments("gordian-arguments", llvm::cl::desc("leave out private objects that callers pass"),
                              llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> covered("gordian-covered", llvm::cl::desc("leave out accesses that another one stands for"),
                            llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> loop_ranges("gordian-loops", llvm::cl::desc("tell accesses of loops in front of them"),
                                llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> groups("gordian-groups", llvm::cl::desc("tell accesses of one base in one record"),
                           llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> raised("gordian-raise", llvm::cl::desc("tell accesses of a block with those of an earlier one"),
                           llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> quiet("gordian-quiet", llvm::cl::desc("look for functions that do not synchronise"),
                          llvm::cl::init(true), llvm::cl::Hidden);
llvm::cl::opt<bool> stats("gordian-stats", llvm::cl::desc("print how often each reduction was possible, and where"),
                          llvm::cl::init(false), llvm::cl::Hidden);
llvm::cl::opt<Keep> keep("gordian-keep", llvm::cl::desc("what is recorded"), llvm::cl::init(Keep::reduced),
                         llvm::cl::values(clEnumValN(Keep::reduced, "reduced", "what is needed"),
                                          clEnumValN(Keep::marked, "marked", "everything; the rest is marked")),
                         llvm::cl::Hidden);

}  // namespace

bool looks_for_private_heap() { return heap; }
bool looks_for_private_arguments() { return arguments; }
bool looks_for_covered() { return covered; }
bool looks_for_loop_ranges() { return loop_ranges; }
bool looks_for_groups() { return groups; }
bool raises_runs() { return raised; }
bool looks_for_quiet_functions() { return quiet; }
bool keeps_marked() { return keep == Keep::marked; }
bool prints_counts() { return stats; }

}  // namespace gordian::pass
