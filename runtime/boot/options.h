// SPDX-License-Identifier: Apache-2.0
// GORDIAN_OPTIONS: key=value pairs in the grammar of TSAN_OPTIONS (separated by colon, comma or white space, values may
// be quoted; a key alone means true). Unknown keys are ignored, as sanitizers do.
#pragma once

#include <cstdint>
#include <string_view>

namespace gordian::rt::boot {

struct Options {
  bool record = false;        // record this process with a drainer of its own
  bool report = false;        // the same, and report the findings at the end
  std::string_view output;    // the trace's name, or "" for the default
  std::uint32_t ring_mb = 0;  // size of the shared ring, 0 = default
};

// The result looks into the text.
Options parse_options(std::string_view text) noexcept;

}  // namespace gordian::rt::boot
