// SPDX-License-Identifier: Apache-2.0
// The texts that printf reads, by a format that nobody knew before the program ran: its arguments are taken as printf
// takes them. Ends at the first conversion that is not understood, numbered arguments included: what comes behind it
// stays unseen.
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cwchar>
#include <string_view>

#include "runtime/abi/hooks.h"
#include "runtime/record/recorder.h"

namespace gordian::rt {

namespace {

class FormatReader {
 public:
  FormatReader(const char* format, va_list list, std::uint32_t site) noexcept : rest_(format), site_(site) {
    va_copy(list_, list);
  }
  ~FormatReader() { va_end(list_); }
  FormatReader(const FormatReader&) = delete;
  FormatReader& operator=(const FormatReader&) = delete;

  void read() noexcept {
    while (*rest_ != '\0') {
      if (*rest_++ == '%' && !take_conversion()) {
        return;
      }
    }
  }

 private:
  enum class Length : std::uint8_t { none, one_long, two_longs, intmax, size, difference, long_double };

  bool takes(char letter) noexcept {
    const bool is = *rest_ == letter;
    rest_ += is ? 1 : 0;
    return is;
  }

  void skip(std::string_view letters) noexcept {
    while (*rest_ != '\0' && letters.find(*rest_) != std::string_view::npos) {
      ++rest_;
    }
  }

  // Below 0: as if there were none.
  std::int64_t take_number() noexcept {
    if (takes('*')) {
      return va_arg(list_, int);
    }
    std::int64_t number = 0;
    for (; *rest_ >= '0' && *rest_ <= '9'; ++rest_) {
      number = number < INT32_MAX ? number * 10 + (*rest_ - '0') : number;
    }
    return number;
  }

  Length take_length() noexcept {
    skip("h");  // narrower than int travels as int
    if (takes('l')) {
      return takes('l') ? Length::two_longs : Length::one_long;
    }
    return takes('q')   ? Length::two_longs
           : takes('j') ? Length::intmax
           : takes('z') ? Length::size
           : takes('t') ? Length::difference
           : takes('L') ? Length::long_double
                        : Length::none;
  }

  // Behind the %.
  bool take_conversion() noexcept {
    skip("-+ #0'I");
    take_number();
    const std::int64_t precision = takes('.') ? take_number() : -1;
    const Length length = take_length();
    const char kind = *rest_;
    rest_ += kind == '\0' ? 0 : 1;
    if (kind == 's' || kind == 'S') {
      take_text(kind == 'S' || length == Length::one_long, precision);
      return true;
    }
    return kind == '%' || kind == 'm' || take_other(kind, length);
  }

  // How far a wide text is read depends on its narrow form if that is limited.
  void take_text(bool is_wide, std::int64_t precision) noexcept {
    const void* const text = va_arg(list_, const void*);
    const std::uint64_t limit = precision < 0 ? GORDIAN_NO_LIMIT : static_cast<std::uint64_t>(precision);
    if (!is_wide || precision < 0) {
      gordian_rt_extent(text, is_wide ? GORDIAN_RT_EXTENT_wide_text : GORDIAN_RT_EXTENT_text, limit, 0, site_);
    }
  }

  bool take_other(char kind, Length length) noexcept {
    switch (kind) {
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        take_whole(length);
        return true;
      case 'c':
        length == Length::one_long ? void(va_arg(list_, std::wint_t)) : void(va_arg(list_, int));
        return true;
      case 'C':
        static_cast<void>(va_arg(list_, std::wint_t));
        return true;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        length == Length::long_double ? void(va_arg(list_, long double)) : void(va_arg(list_, double));
        return true;
      case 'p':
      case 'n':
        static_cast<void>(va_arg(list_, void*));
        return true;
      default:
        return false;
    }
  }

  void take_whole(Length length) noexcept {
    switch (length) {
      case Length::none:
        return static_cast<void>(va_arg(list_, int));
      case Length::one_long:
        return static_cast<void>(va_arg(list_, long));
      case Length::two_longs:
      case Length::long_double:
        return static_cast<void>(va_arg(list_, long long));
      case Length::intmax:
        return static_cast<void>(va_arg(list_, std::intmax_t));
      case Length::size:
        return static_cast<void>(va_arg(list_, std::size_t));
      case Length::difference:
        return static_cast<void>(va_arg(list_, std::ptrdiff_t));
    }
  }

  const char* rest_;
  va_list list_;
  std::uint32_t site_;
};

}  // namespace

}  // namespace gordian::rt

void gordian_rt_format(uint32_t site, const char* format, ...) noexcept {
  if (!gordian::rt::record::enabled()) {
    return;
  }
  va_list list;
  va_start(list, format);
  gordian::rt::FormatReader(format, list, site).read();
  va_end(list);
}

void gordian_rt_format_list(uint32_t site, const char* format, va_list list) noexcept {
  if (gordian::rt::record::enabled()) {
    gordian::rt::FormatReader(format, list, site).read();
  }
}
