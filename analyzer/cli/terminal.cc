// SPDX-License-Identifier: Apache-2.0
// Terminal: one line at a time with fwrite, so that lines of several processes do not mix.
#include "analyzer/cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace gordian::cli {
namespace {

void print_line(std::string_view line) {
  const std::string text = "gordian: " + std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Error write_error(const std::string& path) {
  return Error{ErrorKind::io, path.empty() ? "standard output" : path, std::strerror(errno), ""};
}

}  // namespace

bool Terminal::colored() const {
  if (color != ColorChoice::automatic) {
    return color == ColorChoice::always;
  }
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

void Terminal::say(std::string_view line) const {
  if (!quiet) {
    print_line(line);
  }
}

void Terminal::detail(std::string_view line) const {
  if (verbose) {
    print_line(line);
  }
}

void Terminal::complain(std::string_view line) const { print_line(line); }

void Terminal::complain(const Error& error) const {
  print_line(error.where.empty() ? error.what : error.where + ": " + error.what);
  if (!error.hint.empty()) {
    print_line("  " + error.hint);
  }
}

Result<void> write_result(const std::string& path, std::string_view bytes) {
  std::FILE* file = path.empty() ? stdout : std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return write_error(path);
  }
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() && std::fflush(file) == 0;
  const Error error = write_error(path);
  const bool closed = path.empty() || std::fclose(file) == 0;
  if (!written) {
    return error;
  }
  return closed ? Result<void>{} : write_error(path);
}

}  // namespace gordian::cli
