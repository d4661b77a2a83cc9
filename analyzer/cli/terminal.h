// SPDX-License-Identifier: Apache-2.0
// Where words go: stdout carries the result and nothing else, stderr the progress and the complaints. Colour only where
// somebody looks at it: --color, then NO_COLOR (no-color.org), then whether stdout is a terminal.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace gordian::cli {

enum class ColorChoice { automatic, always, never };

class Terminal {
 public:
  ColorChoice color = ColorChoice::automatic;
  bool quiet = false;
  bool verbose = false;

  [[nodiscard]] bool colored() const;

  void say(std::string_view line) const;       // progress; silent with -q
  void detail(std::string_view line) const;    // progress that only -v asks for
  void complain(std::string_view line) const;  // always
  void complain(const Error& error) const;     // where, what, and the hint on a line of its own
};

// Writes the result to `path`, or to stdout if it is empty. All of it or an Error.
Result<void> write_result(const std::string& path, std::string_view bytes);

}  // namespace gordian::cli
