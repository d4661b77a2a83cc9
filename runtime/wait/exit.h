// SPDX-License-Identifier: Apache-2.0
// The ways in which a program dies by the runtime's hand. Each records what happened and Exit{2}, so the trace is
// complete, and ends with _exit: as in Go no deferred calls, no destructors run. Buffered stdout is written out if
// nobody holds it.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/ids.h"
#include "runtime/trace/event.h"
#include "runtime/wait/stack_trace.h"

namespace gordian::rt::wait {

inline constexpr int kDeathStatus = 2;

// "fatal error: TEXT", every goroutine (deadlocks) or the running one, who waits for whom.
[[noreturn]] void die_of_deadlock(trace::PanicCode code) noexcept;
[[noreturn]] void die_of_misuse(trace::PanicCode code, std::uint64_t object) noexcept;
// Go's words for a goroutine whose stack needs more bytes than that. In a signal handler: allocates nothing, leaves
// stdout's buffer alone.
[[noreturn]] void die_of_stack_overflow(std::uint64_t limit) noexcept;
// "panic: TEXT", the goroutine that panicked. `extra` follows the text (a type before a what()).
[[noreturn]] void die_of_panic(std::string_view text, const StackTrace& where) noexcept;

// For main that returned: while another thread dies, waits for it to end the program, for ever. Source: Go, proc.go
// main.
void give_way_to_death() noexcept;
// In a child: who was dying is not there.
void forget_death() noexcept;

// Go's text of a panic.
const char* panic_text(trace::PanicCode code) noexcept;
// Records a Panic of the calling actor.
void record_panic(trace::PanicCode code, std::uint64_t object, std::string_view text) noexcept;

}  // namespace gordian::rt::wait
