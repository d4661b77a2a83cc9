// SPDX-License-Identifier: Apache-2.0
// The module of the process (the program, a shared library) that an address lies in.
#pragma once

#include <cstdint>

namespace gordian::rt::record {

struct LoadedModule {
  std::uintptr_t base = 0;     // what is added to its addresses
  std::uintptr_t begin = 0;    // of its memory
  std::uintptr_t end = 0;      // 0: there is no module at the address
  std::uintptr_t segment = 0;  // where the segment begins that the address is in
  const char* path = "";       // the program's own is ""
};

// Asks the loader; keeps errno.
LoadedModule module_at(const void* address) noexcept;

}  // namespace gordian::rt::record
