// SPDX-License-Identifier: Apache-2.0
// Whether a function belongs to a foreign library: neither compiled with the pass nor of a library whose
// synchronisation is recorded all the same. Compiled with the pass is what carries its mark, so a library that is
// linked statically is foreign, too.
#pragma once

#include <cstdint>

namespace gordian::rt::record {

// GORDIAN_RT_CALLEE_OWN or GORDIAN_RT_CALLEE_FOREIGN. Asks the loader; keeps errno.
std::uint8_t kind_of(const void* callee) noexcept;

// The same, for one that is asked about at every call.
std::uint8_t remembered_kind_of(const void* callee) noexcept;

// Modules have come or gone: others may be at their addresses.
void forget_kinds() noexcept;

}  // namespace gordian::rt::record
