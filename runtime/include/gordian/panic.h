// SPDX-License-Identifier: Apache-2.0
// Go's panics as exceptions: panic() throws a Panic, catching it recovers. One that nobody catches runs the deferred
// calls of its goroutine, prints Go's text and ends the program with exit status 2. Source: Go spec, "Handling panics".
//
//   try { close_twice(); } catch (const gordian::Panic& p) { std::puts(p.what()); }   // "close of closed channel"
#pragma once

#include <any>
#include <cstdint>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "gordian/detail/api.h"

namespace gordian {

namespace detail {

// Where a panic was thrown: recorded frames if the code is instrumented, else return addresses. Innermost first.
struct StackSnapshot {
  struct Frame {
    const std::uint32_t* function;
    std::uint32_t call_site;
    std::uintptr_t pc;
  };
  static constexpr std::uint32_t kMaxFrames = 32;
  std::uint32_t count = 0;
  Frame frames[kMaxFrames];
};

// Numbers of trace/panics.def.
enum class PanicCode : std::uint8_t {
  none = 0,
  user = 1,
  send_on_closed = 2,
  close_of_closed = 3,
  close_of_nil = 4,
  chan_size = 5,
  negative_wait_group = 6,
  semaphore_over_release = 10,
};

GORDIAN_API void capture_stack(StackSnapshot& snapshot) noexcept;
GORDIAN_API void record_user_panic(const char* text, std::size_t bytes) noexcept;
GORDIAN_API const char* panic_text(PanicCode code) noexcept;

}  // namespace detail

// A panic on its way. what() is the text that Go would print after "panic: ".
class GORDIAN_API Panic : public std::exception {
 public:
  explicit Panic(std::string text, std::any value = {}) : text_(std::move(text)), value_(std::move(value)) {
    detail::capture_stack(stack_);
  }
  ~Panic() override;
  Panic(const Panic&) = default;
  Panic& operator=(const Panic&) = default;

  [[nodiscard]] const char* what() const noexcept override;

  // The value given to panic(), if it was one of type T; otherwise null.
  template <class T>
  [[nodiscard]] const T* value() const noexcept {
    return std::any_cast<T>(&value_);
  }
  [[nodiscard]] const detail::StackSnapshot& stack() const noexcept { return stack_; }

 private:
  std::string text_;
  std::any value_;
  detail::StackSnapshot stack_;
};

namespace detail {

template <class T>
std::string text_of(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::is_base_of_v<std::exception, T>) {
    return value.what();
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    std::ostringstream out;
    out << value;
    return std::move(out).str();
  } else {
    return typeid(T).name();
  }
}

// Throws what the runtime found wrong; it has recorded the Panic already.
[[noreturn]] inline void throw_panic(PanicCode code) { throw Panic(panic_text(code)); }

}  // namespace detail

// Throws Panic with the value's text: strings as they are, exceptions by what(), the rest through operator<<.
// Blocks on nothing. Records Panic (code user).
template <class T>
[[noreturn]] void panic(T&& value) {
  std::string text = detail::text_of(value);
  detail::record_user_panic(text.data(), text.size());
  if constexpr (std::is_copy_constructible_v<std::decay_t<T>>) {
    throw Panic(std::move(text), std::any(std::decay_t<T>(std::forward<T>(value))));
  } else {
    throw Panic(std::move(text));
  }
}

}  // namespace gordian
