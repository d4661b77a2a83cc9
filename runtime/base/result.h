// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error, with the names of std::expected (C++23), for use at room boundaries.
// Nothing here throws; taking the wrong side is a broken invariant and aborts. An Error is a value made for people:
// what went wrong, where (file, offset), and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "runtime/base/check.h"

namespace gordian {

enum class ErrorKind {
  usage,        // the caller's words are off
  io,           // the operating system refused
  corrupt,      // bytes that cannot be what they claim to be
  unsupported,  // well-formed, but newer or other than what this build understands
  internal,     // our own defect
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string where;  // file, file:offset, or option
  std::string what;   // lower case, no full stop
  std::string hint;   // what to do; may be empty
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & {
    GORDIAN_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    GORDIAN_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    GORDIAN_CHECK(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const Error& error() const& {
    GORDIAN_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    GORDIAN_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const& {
    GORDIAN_CHECK(!has_value());
    return *error_;
  }
  [[nodiscard]] Error&& error() && {
    GORDIAN_CHECK(!has_value());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace gordian
