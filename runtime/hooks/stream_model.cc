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
extern const char gordian_stringbuf __asm__("_ZTVNSt7__cxx1115basic_stringbufIcSt11char_traitsIcESaIcEEE");
extern const char gordian_filebuf __asm__("_ZTVSt13basic_filebufIcSt11char_traitsIcEE");
}

namespace gordian::rt::streams {

namespace {

// The library's protected members, through derived classes.
struct Buffer : std::streambuf {
  static constexpr auto kPut = &Buffer::_M_out_cur;
  static constexpr auto kGet = &Buffer::_M_in_cur;
};
struct Base : std::ios_base {
  static constexpr auto kWidth = &Base::_M_width;
};

bool is_standard(const void* stream) noexcept {
  return stream == &gordian_cin || stream == &gordian_cout || stream == &gordian_cerr || stream == &gordian_clog;
}

// An object's first word leads behind the two words that every table begins with.
bool is_compiled(const std::streambuf& buffer) noexcept {
  const char* table = *reinterpret_cast<const char* const*>(&buffer) - 2 * sizeof(void*);
  return table == &gordian_stringbuf || table == &gordian_filebuf;
}

template <class Member>
void record_position(std::streambuf* buffer, Member position, std::uint32_t site) noexcept {
  if (buffer != nullptr && is_compiled(*buffer)) {
    gordian_rt_range(&(buffer->*position), sizeof(char*), site);
  }
}

}  // namespace

void record_format(const void* stream, std::uint32_t site) noexcept {
  const auto& output = *static_cast<const std::ostream*>(stream);
  if (!is_standard(stream) && output.good()) {
    const std::ios_base& base = output;
    gordian_rt_range(&(base.*Base::kWidth), sizeof(std::streamsize), site);
  }
}

void record_put_position(const void* stream, std::uint32_t site) noexcept {
  if (!is_standard(stream)) {
    record_position(static_cast<const std::ostream*>(stream)->rdbuf(), Buffer::kPut, site);
  }
}

void record_get_position(const void* stream, std::uint32_t site) noexcept {
  if (!is_standard(stream)) {
    record_position(static_cast<const std::istream*>(stream)->rdbuf(), Buffer::kGet, site);
  }
}

void record_string(const void* string, std::uint32_t site) noexcept {
  const auto& text = *static_cast<const std::string*>(string);
  gordian_rt_range(string, sizeof(char*) + sizeof(std::size_t), site);
  gordian_rt_range(text.data(), text.size() + 1, site);
}

}  // namespace gordian::rt::streams
