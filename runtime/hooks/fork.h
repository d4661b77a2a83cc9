// SPDX-License-Identifier: Apache-2.0
// For runtime/boot: what the child of a fork does about instrumented code.
#pragma once

namespace gordian::rt {

void forget_atomic_owners() noexcept;  // whoever was in the middle of an atomic is not there any more
void write_loaded_units() noexcept;    // the tables of all units that are loaded, into the child's own trace

}  // namespace gordian::rt
