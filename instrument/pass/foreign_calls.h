// SPDX-License-Identifier: Apache-2.0
// Doors between this program and libraries that were not compiled with the pass. Such a library may order threads with
// atomics that nobody sees. What is known is who handed it what: whoever passes an object to it, or is called back with
// it, is taken to be ordered after all who passed the same object before. That is more order than there may be, never
// less, so a lock, queue or event of the library makes no false alarm.
//
// Whether a callee is foreign is known at run time only (runtime/hooks/foreign.cc). Functions that the pass has seen
// carry a mark in front of their entry, so that also a library that is linked statically is told apart. For each
// function that is called by name a byte remembers the answer; behind a pointer the mark is looked at, and the runtime
// asked if there is none.
#pragma once

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstrTypes.h>

#include "instrument/pass/hook_table.h"
#include "instrument/pass/thread_block.h"

namespace gordian::pass {

// A call, by name or through a pointer, of a function that another module may define.
[[nodiscard]] bool may_be_foreign(const llvm::CallBase& call, const llvm::TargetLibraryInfo& library);

// Around such calls of one function. Splits blocks.
void surround_foreign_calls(llvm::Function& function, llvm::ArrayRef<llvm::CallBase*> calls, const HookTable& hooks);

void mark_functions(llvm::Module& module);

// Where a foreign library may call back: an entry and its exits. `place`: in the entry block, behind the frame's push.
void watch_callbacks(llvm::Function& function, const ThreadBlock& thread, llvm::Instruction& place,
                     const HookTable& hooks);

}  // namespace gordian::pass
