// SPDX-License-Identifier: Apache-2.0
// How recording begins: a ring in a memory file, handed to a drainer over a unix socket. Afterwards the program keeps
// no descriptor: it may close all of them and the recording goes on.
#pragma once

#include "runtime/boot/options.h"

namespace gordian::rt::boot {

// Before any other thread exists. Records if GORDIAN_SOCKET names a drainer or the options ask for one of our own; says
// on stderr why it cannot do what the options ask for, and says nothing otherwise.
void begin_recording(const Options& options) noexcept;

// In the child of a fork whose parent was recorded, in the same way as the parent; says nothing. Only what a signal
// handler might do, and for a bounded time: other threads' locks are held for ever here. True: it is recorded.
bool begin_recording_in_child() noexcept;

// A drainer of our own, `gordian drain`, found beside this library or through GORDIAN_BIN: no child of the program, so
// that wait() never sees it. Of a forked child: its trace has a name of its own. Returns our end of the connection, or
// -1.
int start_drainer(const Options& options, bool is_child) noexcept;

}  // namespace gordian::rt::boot
