// SPDX-License-Identifier: Apache-2.0
// A buffer and write(2).
#include "runtime/wait/text_out.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "runtime/record/recorder.h"

namespace gordian::rt::wait {

TextOut& TextOut::operator<<(std::string_view text) noexcept {
  while (!text.empty()) {
    if (used_ == sizeof(buffer_)) {
      flush();
    }
    const std::size_t piece = std::min(text.size(), sizeof(buffer_) - used_);
    std::memcpy(buffer_ + used_, text.data(), piece);
    used_ += piece;
    text.remove_prefix(piece);
  }
  return *this;
}

TextOut& TextOut::operator<<(std::uint64_t number) noexcept {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  return *this << std::string_view(digits, static_cast<std::size_t>(result.ptr - digits));
}

TextOut& TextOut::hex(std::uint64_t number) noexcept {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number, 16);
  return *this << "0x" << std::string_view(digits, static_cast<std::size_t>(result.ptr - digits));
}

void TextOut::flush() noexcept {
  const record::Internal internal;  // it orders nobody
  std::size_t done = 0;
  while (done < used_) {
    const ssize_t written = write(descriptor_, buffer_ + done, used_ - done);
    if (written < 0 && errno != EINTR) {
      break;
    }
    done += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  }
  used_ = 0;
}

}  // namespace gordian::rt::wait
