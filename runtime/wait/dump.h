// SPDX-License-Identifier: Apache-2.0
// Goroutine dumps in Go's format: header with wait reason, stack, who created it. Goroutine 1 first, then by id.
#pragma once

#include "runtime/wait/exit.h"
#include "runtime/wait/row.h"
#include "runtime/wait/text_out.h"

namespace gordian::rt::wait {

void print_all(TextOut& out) noexcept;
// The calling actor, as running, with a stack that was captured before.
void print_running(TextOut& out, const StackTrace& where) noexcept;
// Who waits for whom, in plain words: the cycle if there is one, else the list of those who cannot be woken.
void print_knot(TextOut& out) noexcept;

}  // namespace gordian::rt::wait
