// SPDX-License-Identifier: Apache-2.0
// Text for last words: a fixed buffer and write(2). Allocates nothing, so that it works in a broken program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gordian::rt::wait {

class TextOut {
 public:
  explicit TextOut(int descriptor) noexcept : descriptor_(descriptor) {}
  ~TextOut() { flush(); }
  TextOut(const TextOut&) = delete;
  TextOut& operator=(const TextOut&) = delete;

  TextOut& operator<<(std::string_view text) noexcept;
  TextOut& operator<<(const char* text) noexcept { return *this << std::string_view(text); }
  TextOut& operator<<(std::uint64_t number) noexcept;
  TextOut& hex(std::uint64_t number) noexcept;
  void flush() noexcept;

 private:
  int descriptor_;
  std::size_t used_ = 0;
  char buffer_[2048];
};

}  // namespace gordian::rt::wait
