// SPDX-License-Identifier: Apache-2.0
#include "runtime/hooks/stream_model.h"

#include <istream>
#include <ostream>
#include <streambuf>
#include <string>

#include "runtime/abi/hooks.h"

// The standard streams and the tables of virtual functions, by their linkage names: <iostream> would have the runtime
// construct them.
extern "C" {
extern const char gordian_cin __asm__("_ZSt3cin");
extern const char gordian_cout __asm__("_ZSt4cout");
extern const char gordian_cerr __asm__("_ZSt4cerr");
extern const char gordian_clog __asm__("_ZSt4clog");
extern const char gordian_wcin __asm__("_ZSt4wcin");
extern const char gordian_wcout __asm__("_ZSt5wcout");
extern const char gordian_wcerr __asm__("_ZSt5wcerr");
extern const char gordian_wclog __asm__("_ZSt5wclog");
extern const char gordian_stringbuf __asm__("_ZTVNSt7__cxx1115basic_stringbufIcSt11char_traitsIcESaIcEEE");
extern const char gordian_filebuf __asm__("_ZTVSt13basic_filebufIcSt11char_traitsIcEE");
extern const char gordian_wstringbuf __asm__("_ZTVNSt7__cxx1115basic_stringbufIwSt11char_traitsIwESaIwEEE");
extern const char gordian_wfilebuf __asm__("_ZTVSt13basic_filebufIwSt11char_traitsIwEE");
}

namespace gordian::rt::streams {

namespace {

// The library's protected members, through derived classes.
template <class Char>
struct Buffer : std::basic_streambuf<Char> {
  static constexpr auto kPutBegin = &Buffer::_M_out_beg;
  static constexpr auto kPut = &Buffer::_M_out_cur;
  static constexpr auto kGet = &Buffer::_M_in_cur;
};
struct Base : std::ios_base {
  static constexpr auto kPrecision = &Base::_M_precision;
  static constexpr auto kWidth = &Base::_M_width;
  static constexpr auto kFlags = &Base::_M_flags;
};

template <class Char>
struct Kind;
template <>
struct Kind<char> {
  static constexpr const char* kInput = &gordian_cin;
  static constexpr const char* kOutputs[] = {&gordian_cout, &gordian_cerr, &gordian_clog};
  static constexpr const char* kStrings = &gordian_stringbuf;
  static constexpr const char* kFiles = &gordian_filebuf;
};
template <>
struct Kind<wchar_t> {
  static constexpr const char* kInput = &gordian_wcin;
  static constexpr const char* kOutputs[] = {&gordian_wcout, &gordian_wcerr, &gordian_wclog};
  static constexpr const char* kStrings = &gordian_wstringbuf;
  static constexpr const char* kFiles = &gordian_wfilebuf;
};

template <class Stream>
const std::ios_base* base_of(const void* stream) noexcept {
  return static_cast<const Stream*>(stream);
}

// A standard stream is not there in a program that never includes <iostream>: its first word is null then.
template <class Stream>
bool is_base_of(const std::ios_base* base, const char* standard) noexcept {
  return *reinterpret_cast<const void* const*>(standard) != nullptr && base == base_of<Stream>(standard);
}

template <class Char>
bool is_standard(const std::ios_base* base) noexcept {
  bool found = is_base_of<std::basic_istream<Char>>(base, Kind<Char>::kInput);
  for (const char* output : Kind<Char>::kOutputs) {
    found = found || is_base_of<std::basic_ostream<Char>>(base, output);
  }
  return found;
}
bool is_standard(const std::ios_base* base) noexcept { return is_standard<char>(base) || is_standard<wchar_t>(base); }

// An object's first word leads behind the two words that every table begins with.
template <class Char>
bool is_of(const std::basic_streambuf<Char>& buffer, const char* table) noexcept {
  return *reinterpret_cast<const char* const*>(&buffer) - 2 * sizeof(void*) == table;
}

// The buffer, if its code is the library's.
template <class Char, class Stream>
std::basic_streambuf<Char>* buffer_of(const void* stream, bool files_only = false) noexcept {
  std::basic_streambuf<Char>* const buffer = static_cast<const Stream*>(stream)->rdbuf();
  const bool is_known = buffer != nullptr && !is_standard<Char>(base_of<Stream>(stream)) &&
                        (is_of(*buffer, Kind<Char>::kFiles) || (!files_only && is_of(*buffer, Kind<Char>::kStrings)));
  return is_known ? buffer : nullptr;
}

template <class Object, class Member>
void record_member(Object& object, Member member, std::uint32_t site) noexcept {
  gordian_rt_range(&(object.*member), sizeof(object.*member), site);
}

template <class Member>
void record_setting(const std::ios_base* base, Member member, std::uint32_t site) noexcept {
  if (!is_standard(base)) {
    record_member(*base, member, site);
  }
}

void record_setting(const std::ios_base* base, std::uint64_t which, std::uint32_t site) noexcept {
  which == 0   ? record_setting(base, Base::kFlags, site)
  : which == 1 ? record_setting(base, Base::kWidth, site)
               : record_setting(base, Base::kPrecision, site);
}

// Of formatted output, which does nothing on a stream that has failed.
template <class Char>
const std::ios_base* base_of_output(const void* stream) noexcept {
  const auto& output = *static_cast<const std::basic_ostream<Char>*>(stream);
  return output.good() ? &output : nullptr;
}

template <class Char>
void record_format(const void* stream, std::uint32_t site) noexcept {
  if (const std::ios_base* const base = base_of_output<Char>(stream)) {
    record_setting(base, Base::kWidth, site);
  }
}

template <class Char>
void record_settings(const void* stream, std::uint32_t site) noexcept {
  if (const std::ios_base* const base = base_of_output<Char>(stream)) {
    record_setting(base, Base::kPrecision, site);
    record_setting(base, Base::kFlags, site);
  }
}

template <class Char>
void record_put_position(const void* stream, std::uint32_t site) noexcept {
  if (auto* const buffer = buffer_of<Char, std::basic_ostream<Char>>(stream)) {
    record_member(*buffer, Buffer<Char>::kPut, site);
  }
}

template <class Char>
void record_get_position(const void* stream, std::uint32_t site) noexcept {
  if (auto* const buffer = buffer_of<Char, std::basic_istream<Char>>(stream)) {
    record_member(*buffer, Buffer<Char>::kGet, site);
  }
}

// A file's buffer looks whether there is something to be written, and begins anew if there was.
template <class Char>
void record_flush(const void* stream, bool only_if_pending, std::uint32_t site) noexcept {
  auto* const buffer = buffer_of<Char, std::basic_ostream<Char>>(stream, /*files_only=*/true);
  if (buffer != nullptr && (!only_if_pending || buffer->*Buffer<Char>::kPutBegin < buffer->*Buffer<Char>::kPut)) {
    record_member(*buffer, Buffer<Char>::kPut, site);
  }
}

template <class Char>
void record_string(const void* string, std::uint32_t site) noexcept {
  const auto& text = *static_cast<const std::basic_string<Char>*>(string);
  gordian_rt_range(string, sizeof(Char*) + sizeof(std::size_t), site);
  gordian_rt_range(text.data(), (text.size() + 1) * sizeof(Char), site);
}

}  // namespace

bool record(gordian_rt_extent_rule rule, const void* address, std::uint64_t a, std::uint32_t site) noexcept {
  switch (rule) {
    case GORDIAN_RT_EXTENT_format:
      return record_format<char>(address, site), true;
    case GORDIAN_RT_EXTENT_wide_format:
      return record_format<wchar_t>(address, site), true;
    case GORDIAN_RT_EXTENT_settings:
      return record_settings<char>(address, site), true;
    case GORDIAN_RT_EXTENT_wide_settings:
      return record_settings<wchar_t>(address, site), true;
    case GORDIAN_RT_EXTENT_put_position:
      return record_put_position<char>(address, site), true;
    case GORDIAN_RT_EXTENT_wide_put_position:
      return record_put_position<wchar_t>(address, site), true;
    case GORDIAN_RT_EXTENT_get_position:
      return record_get_position<char>(address, site), true;
    case GORDIAN_RT_EXTENT_wide_get_position:
      return record_get_position<wchar_t>(address, site), true;
    case GORDIAN_RT_EXTENT_flush:
    case GORDIAN_RT_EXTENT_flush_pending:
      return record_flush<char>(address, rule == GORDIAN_RT_EXTENT_flush_pending, site), true;
    case GORDIAN_RT_EXTENT_wide_flush:
    case GORDIAN_RT_EXTENT_wide_flush_pending:
      return record_flush<wchar_t>(address, rule == GORDIAN_RT_EXTENT_wide_flush_pending, site), true;
    case GORDIAN_RT_EXTENT_string:
      return record_string<char>(address, site), true;
    case GORDIAN_RT_EXTENT_wide_string:
      return record_string<wchar_t>(address, site), true;
    case GORDIAN_RT_EXTENT_setting:
      return record_setting(static_cast<const std::ios_base*>(address), a, site), true;
    case GORDIAN_RT_EXTENT_output_setting:
      return record_setting(base_of<std::ostream>(address), a, site), true;
    case GORDIAN_RT_EXTENT_wide_output_setting:
      return record_setting(base_of<std::wostream>(address), a, site), true;
    default:
      return false;
  }
}

}  // namespace gordian::rt::streams
