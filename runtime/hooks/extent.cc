// SPDX-License-Identifier: Apache-2.0
// What functions of the C library have accessed behind the pointers that they were given, by the rules of
// abi/extents.def. The text is looked at again, so only while recording; a race may have changed it since, then its
// length is that of now.
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/stream_model.h"
#include "runtime/record/recorder.h"

namespace gordian::rt {

namespace {

using Bytes = const unsigned char*;

std::uint64_t length(const char* text, std::uint64_t limit) noexcept {
  return limit == GORDIAN_NO_LIMIT ? std::strlen(text) : strnlen(text, limit);
}
std::uint64_t length(const wchar_t* text, std::uint64_t limit) noexcept {
  return limit == GORDIAN_NO_LIMIT ? std::wcslen(text) : wcsnlen(text, limit);
}

// With its NUL, if that lies below the limit.
template <class Char>
std::uint64_t text(const void* at, std::uint64_t limit) noexcept {
  const std::uint64_t count = length(static_cast<const Char*>(at), limit);
  return (count < limit ? count + 1 : count) * sizeof(Char);
}

template <class Char>
std::uint64_t through(const void* first, const void* last) noexcept {
  return static_cast<std::uint64_t>(static_cast<Bytes>(last) - static_cast<Bytes>(first)) + sizeof(Char);
}

template <class Char>
std::uint64_t same(const void* address, const void* with, std::uint64_t limit, bool ends_at_nul) noexcept {
  const auto* const one = static_cast<const Char*>(address);
  const auto* const other = static_cast<const Char*>(with);
  std::uint64_t count = 0;
  while (count < limit) {
    const Char letter = one[count];
    const bool last = letter != other[count] || (ends_at_nul && letter == 0);
    ++count;
    if (last) {
      break;
    }
  }
  return count * sizeof(Char);
}

template <class Char>
void record_appended(const void* at, std::uint64_t from, std::uint64_t limit, std::uint32_t site) noexcept {
  const auto* const target = static_cast<const Char*>(at);
  const std::uint64_t all = length(target, GORDIAN_NO_LIMIT);
  const std::uint64_t added = std::min(length(reinterpret_cast<const Char*>(from), limit), all);
  gordian_rt_range(target + (all - added), (added + 1) * sizeof(Char), site);
}

void convert(const char* from, char** end, std::uint64_t base) noexcept {
  static_cast<void>(std::strtoull(from, end, static_cast<int>(base)));
}
void convert(const wchar_t* from, wchar_t** end, std::uint64_t base) noexcept {
  static_cast<void>(std::wcstoull(from, end, static_cast<int>(base)));
}
void convert_real(const char* from, char** end) noexcept { static_cast<void>(std::strtold(from, end)); }
void convert_real(const wchar_t* from, wchar_t** end) noexcept { static_cast<void>(std::wcstold(from, end)); }

// Where a conversion stopped, it has looked at the character.
template <class Char>
std::uint64_t number(const void* at, std::uint64_t base, bool real) noexcept {
  const int saved = errno;
  const auto* const from = static_cast<const Char*>(at);
  auto* end = const_cast<Char*>(from);
  real ? convert_real(from, &end) : convert(from, &end, base);
  errno = saved;
  return through<Char>(from, end);
}

void record_vectors(const iovec* vectors, std::uint64_t count, std::uint64_t left, std::uint32_t site) noexcept {
  for (std::uint64_t index = 0; index < count && left != 0; ++index) {
    const std::uint64_t bytes = std::min<std::uint64_t>(vectors[index].iov_len, left);
    gordian_rt_range(vectors[index].iov_base, bytes, site);
    left -= bytes;
  }
}

bool failed(std::uint64_t result) noexcept { return static_cast<std::int64_t>(result) < 0; }
bool assigned(std::uint64_t count, std::uint64_t before) noexcept { return !failed(count) && count > before; }
std::uint64_t returned(std::uint64_t result) noexcept { return failed(result) ? 0 : result; }

// Of the rules that say how many bytes from the address on.
std::uint64_t bytes_of(const void* address, gordian_rt_extent_rule rule, std::uint64_t a, std::uint64_t b) noexcept {
  const auto* other = reinterpret_cast<const void*>(a);
  switch (rule) {
    case GORDIAN_RT_EXTENT_bytes:
      return a;
    case GORDIAN_RT_EXTENT_elements:
      return a * b;
    case GORDIAN_RT_EXTENT_returned:
      return returned(a);
    case GORDIAN_RT_EXTENT_through:
      return failed(a) ? 0 : std::min(a + 1, b);
    case GORDIAN_RT_EXTENT_text:
      return text<char>(address, a);
    case GORDIAN_RT_EXTENT_text_to:
      return other == nullptr ? text<char>(address, b) : through<char>(address, other);
    case GORDIAN_RT_EXTENT_bytes_to:
      return other == nullptr ? b : through<char>(address, other);
    case GORDIAN_RT_EXTENT_same_bytes:
    case GORDIAN_RT_EXTENT_same_text:
      return same<unsigned char>(address, other, b, rule == GORDIAN_RT_EXTENT_same_text);
    case GORDIAN_RT_EXTENT_integer:
    case GORDIAN_RT_EXTENT_real:
      return number<char>(address, a, rule == GORDIAN_RT_EXTENT_real);
    case GORDIAN_RT_EXTENT_counted:
      return streams::count_of<char>(other);
    case GORDIAN_RT_EXTENT_wide_counted:
      return streams::count_of<wchar_t>(other);
    case GORDIAN_RT_EXTENT_sorted:
      return a < 2 ? 0 : a * b;
    case GORDIAN_RT_EXTENT_assigned:
      return assigned(a, b >> 32) ? b & UINT32_MAX : 0;
    case GORDIAN_RT_EXTENT_assigned_text:
      return assigned(a, b) ? text<char>(address, GORDIAN_NO_LIMIT) : 0;
    case GORDIAN_RT_EXTENT_wide_text:
      return text<wchar_t>(address, a);
    case GORDIAN_RT_EXTENT_wide_text_to:
      return other == nullptr ? text<wchar_t>(address, b) : through<wchar_t>(address, other);
    case GORDIAN_RT_EXTENT_wide_to:
      return other == nullptr ? b * sizeof(wchar_t) : through<wchar_t>(address, other);
    case GORDIAN_RT_EXTENT_wide_same:
    case GORDIAN_RT_EXTENT_wide_same_text:
      return same<wchar_t>(address, other, b, rule == GORDIAN_RT_EXTENT_wide_same_text);
    case GORDIAN_RT_EXTENT_wide_integer:
    case GORDIAN_RT_EXTENT_wide_real:
      return number<wchar_t>(address, a, rule == GORDIAN_RT_EXTENT_wide_real);
    default:
      return 0;
  }
}

}  // namespace

}  // namespace gordian::rt

void gordian_rt_extent(const void* address, uint32_t extent, uint64_t a, uint64_t b, uint32_t site) noexcept {
  using namespace gordian::rt;
  if (!record::enabled() || address == nullptr) {
    return;
  }
  const auto* const vectors = static_cast<const iovec*>(address);
  const auto* const message = static_cast<const msghdr*>(address);
  switch (const auto rule = static_cast<gordian_rt_extent_rule>(extent)) {
    case GORDIAN_RT_EXTENT_appended:
      return record_appended<char>(address, a, b, site);
    case GORDIAN_RT_EXTENT_wide_appended:
      return record_appended<wchar_t>(address, a, b, site);
    case GORDIAN_RT_EXTENT_vectors:
      return record_vectors(vectors, a, GORDIAN_NO_LIMIT, site);
    case GORDIAN_RT_EXTENT_message:
      return record_vectors(message->msg_iov, message->msg_iovlen, GORDIAN_NO_LIMIT, site);
    case GORDIAN_RT_EXTENT_filled_vectors:
      return record_vectors(vectors, a, returned(b), site);
    case GORDIAN_RT_EXTENT_filled_message:
      return record_vectors(message->msg_iov, message->msg_iovlen, returned(a), site);
    default:
      if (!streams::record(rule, address, a, site)) {
        gordian_rt_range(address, bytes_of(address, rule, a, b), site);
      }
  }
}
