// SPDX-License-Identifier: Apache-2.0
// The table of rows, and which row the calling thread is running. Walked only when everything is asleep or dying.
#pragma once

#include "runtime/wait/row.h"

namespace gordian::rt::wait {

// In the child of a fork: whoever was giving an object its id is not there any more.
void forget_identification() noexcept;

// Links a row for ever. Called once per descriptor, when it is made.
void add_row(Row* row) noexcept;
Row* first_row() noexcept;

// Goroutines that wait at this moment; threads are not counted.
std::size_t waiting_goroutines() noexcept;

// The row that runs on this thread: its goroutine, or itself for a plain thread; null on a scheduler's stack and on a
// thread that was never seen. Read anew at each call: a goroutine may have moved to another thread since.
Row* current_row() noexcept;
void set_current_row(Row* row) noexcept;

// The actor that runs here; a thread that the runtime does not know yet is adopted.
Row& self() noexcept;

// Marks the row as waiting and writes its Block event; call under the lock of what it waits for. Targets must stay
// alive until the row runs again.
void begin_wait(Row& row, trace::WaitReason reason, std::span<const WaitTarget> targets) noexcept;
// The same around a call of the C library that blocks (lock, condition, semaphore, barrier, join); `object` is what
// Block names, `address` what people know. The row's thread sleeps there, and nobody runs on it until the end. It
// counts as awake (all_asleep.h): only the C library knows when it wakes, and a signal handler or another process may
// do that.
void begin_outside_wait(Row& row, trace::WaitReason reason, std::uint64_t object, const void* address) noexcept;
void end_outside_wait(Row& row) noexcept;
// The row was given what it waited for, or was told to retry; called by its waker before it is made runnable.
void end_wait(Row& row) noexcept;
// end_wait, with a Ready event: nothing was completed on the row's behalf.
void end_wait_ready(Row& row) noexcept;

// Go's words: at most kNameBytes - 1 bytes are kept.
void set_name(Row& row, const char* text, std::size_t bytes) noexcept;

}  // namespace gordian::rt::wait
