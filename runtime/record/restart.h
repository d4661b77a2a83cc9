// SPDX-License-Identifier: Apache-2.0
// What begins anew in the child of a fork, one function per file that holds it. Only the forking thread exists there:
// other threads' locks are taken from their owners, nothing is waited for.
#pragma once

#include "runtime/trace/ring_layout.h"

namespace gordian::rt::record {

void forget_streams() noexcept;
void forget_tables() noexcept;
void forget_exit() noexcept;
void forget_lifetime_locks() noexcept;
void inherit_objects() noexcept;

// Whose child the process is; nothing if it is nobody's.
void name_parent(trace::RingHeader& header) noexcept;

}  // namespace gordian::rt::record
