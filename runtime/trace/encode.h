// SPDX-License-Identifier: Apache-2.0
// Writes one event into raw bytes: kind byte, then its fields as LEB128 varints (lists and texts: count first).
// Header-only, noexcept, allocation-free: it runs inside hooks. The caller guarantees room; encoded_bound() says how
// much.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "runtime/base/bits.h"
#include "runtime/trace/event.h"

namespace gordian::trace {

inline constexpr std::size_t kMaxVarintBytes = 10;

inline std::uint8_t* put_varint(std::uint8_t* out, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<std::uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

namespace detail {

struct BoundVisitor {
  std::size_t bytes = 1;
  constexpr void site(const char*, std::uint64_t) noexcept { bytes += kMaxVarintBytes; }
  constexpr void number(const char*, std::uint64_t) noexcept { bytes += kMaxVarintBytes; }
  constexpr void signed_number(const char*, std::int64_t) noexcept { bytes += kMaxVarintBytes; }
  constexpr void list(const char*, std::span<const std::uint64_t> values) noexcept {
    bytes += kMaxVarintBytes * (values.size() + 1);
  }
  constexpr void text(const char*, std::string_view value) noexcept { bytes += kMaxVarintBytes + value.size(); }
};

struct PutVisitor {
  std::uint8_t* out;
  void site(const char*, std::uint64_t value) noexcept { out = put_varint(out, value); }
  void number(const char*, std::uint64_t value) noexcept { out = put_varint(out, value); }
  void signed_number(const char*, std::int64_t value) noexcept { out = put_varint(out, zigzag(value)); }
  void list(const char*, std::span<const std::uint64_t> values) noexcept {
    out = put_varint(out, values.size());
    for (const std::uint64_t value : values) {
      out = put_varint(out, value);
    }
  }
  void text(const char*, std::string_view value) noexcept {
    out = put_varint(out, value.size());
    std::memcpy(out, value.data(), value.size());
    out += value.size();
  }
};

}  // namespace detail

// An upper bound of the bytes that encode() writes for this event.
template <class Event>
constexpr std::size_t encoded_bound(const Event& event) noexcept {
  detail::BoundVisitor visitor;
  visit_fields(event, visitor);
  return visitor.bytes;
}

// Writes the event at out and returns the end of what it wrote.
template <class Event>
std::uint8_t* encode(std::uint8_t* out, const Event& event) noexcept {
  *out++ = static_cast<std::uint8_t>(Event::kKind);
  detail::PutVisitor visitor{out};
  visit_fields(event, visitor);
  return visitor.out;
}

}  // namespace gordian::trace
