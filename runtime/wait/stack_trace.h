// SPDX-License-Identifier: Apache-2.0
// Stacks for people. Instrumented code keeps a shadow stack: function and line are exact. Otherwise return addresses:
// of the calling thread by the unwinder, of a parked goroutine by the scheduler's unwinder (set_parked_walker), names
// from the dynamic symbol table.
#pragma once

#include <cstddef>

#include "runtime/wait/row.h"
#include "runtime/wait/text_out.h"

namespace gordian::rt::wait {

struct StackTrace {
  static constexpr std::size_t kMaxFrames = 32;
  std::size_t count = 0;
  bool in_signal = false;  // names of the symbol table are printed as they are: reading them would allocate
  CodePoint frames[kMaxFrames];
};

// Of the caller, without its `skip` innermost machine frames.
void capture_own_stack(StackTrace& out) noexcept;
void capture_parked_stack(const Row& row, StackTrace& out) noexcept;
// The innermost place only; cheap enough for each go statement: shadow stack, else `caller`.
CodePoint current_point(const void* caller) noexcept;

using ParkedWalker = void (*)(const Row& row, StackTrace& out) noexcept;
// How to unwind a machine stack that is not running: known to the scheduler alone.
void set_parked_walker(ParkedWalker walker) noexcept;
// For walkers: unwinds from here on, into out.
void unwind_here(StackTrace& out) noexcept;

void print_stack(TextOut& out, const StackTrace& trace) noexcept;
void print_point(TextOut& out, const CodePoint& point, bool in_signal) noexcept;

}  // namespace gordian::rt::wait
