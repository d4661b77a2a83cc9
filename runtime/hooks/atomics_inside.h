// SPDX-License-Identifier: Apache-2.0
// Atomics of an object that a foreign library may have read: inline code of the library's header, compiled into the
// program, counts references in an object, and the library waits for the count.
#pragma once

#include <cstdint>

namespace gordian::rt {

// Orders the caller after all who released something to an atomic in the first 64 bytes of the object. Recorded as
// acquiring loads of 0 bytes at these addresses: they order and access nothing.
void note_atomics_inside(std::uint64_t object) noexcept;

}  // namespace gordian::rt
