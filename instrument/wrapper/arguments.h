// SPDX-License-Identifier: Apache-2.0
// What a drop-in compiler adds to its command line, as a pure function of the words: compiling gets the pass, debug
// information and the headers, linking gets the runtime, everything else goes to clang untouched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gordian::wrapper {

// Where the parts of Gordian are.
struct Paths {
  std::string compiler;        // clang or clang++
  std::string plugin;          // libgordian_pass.so
  std::string include_folder;  // holds gordian/gordian.h; empty if the compiler looks there anyway
  std::string library_folder;  // holds libgordian_rt.so
};

using Words = std::vector<std::string>;

// The command line to execute; its first word is the compiler. `words` are the arguments without argv[0], response
// files expanded.
[[nodiscard]] Words command_line(const Paths& paths, const Words& words);

// Splits a response file's text as clang does: blanks separate, quotes and backslashes keep.
[[nodiscard]] Words split_response(std::string_view text);

}  // namespace gordian::wrapper
