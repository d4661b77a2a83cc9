// SPDX-License-Identifier: Apache-2.0
// Function and line of a recorded frame, read from the unit's site table in memory. Checks its bounds, allocates
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::rt::wait {

struct SourceLine {
  const char* function = "";
  const char* file = "";
  std::uint32_t line = 0;
};

// The lines of one frame, innermost first: more than one if calls were inlined. call_site 0: the function's own line.
std::size_t source_lines(const std::uint32_t* function, std::uint32_t call_site, SourceLine* out,
                         std::size_t capacity) noexcept;

}  // namespace gordian::rt::wait
