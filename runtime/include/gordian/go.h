// SPDX-License-Identifier: Apache-2.0
// Goroutines: go, yield, goexit. main is goroutine 1 without any call. Source: Go spec, "Go statements"; package
// runtime.
//
//   gordian::go([] { std::puts("hello from a goroutine"); });
//   gordian::go(worker, 7, jobs, results);    // arguments are decay-copied (moved if they can be), the result is
//   discarded
#pragma once

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "gordian/detail/api.h"

// errno belongs to the thread, a goroutine may change threads, and compilers keep errno's address across calls (glibc
// declares it constant). Where this header is included errno is looked up anew each time; the runtime carries its value
// along.
namespace gordian::detail {
GORDIAN_API int* errno_location() noexcept;
}
#undef errno
#define errno (*::gordian::detail::errno_location())

namespace gordian {

// Options of one goroutine.
struct GoOptions {
  std::size_t stack_bytes = 0;  // 0: the default, 256 KiB reserved, committed as touched
};

namespace detail {

// Unwinds a goroutine for goexit(). Not a std::exception; a catch (...) on the way must rethrow it.
struct GoexitUnwind {};

using Entry = void (*)(void* closure);
GORDIAN_API void* spawn_begin(std::size_t bytes, std::size_t alignment) noexcept;
GORDIAN_API void spawn_cancel(void* closure) noexcept;
GORDIAN_API void spawn_commit(void* closure, Entry entry, std::size_t stack_bytes) noexcept;
[[noreturn]] GORDIAN_API void die_of_uncaught(std::exception_ptr exception) noexcept;
[[noreturn]] GORDIAN_API void die_of_nil_function() noexcept;
GORDIAN_API void yield_now() noexcept;
GORDIAN_API void set_name(const char* text, std::size_t bytes) noexcept;
GORDIAN_API std::size_t count_goroutines() noexcept;
GORDIAN_API std::size_t count_waiting() noexcept;
GORDIAN_API int change_max_procs(int count) noexcept;

// A goroutine's body. Compiled with the user's flags: an exception may travel through it.
template <class Closure>
void run_closure(void* storage) {
  try {
    Closure* const closure = static_cast<Closure*>(storage);
    struct Destroy {
      Closure* closure;
      ~Destroy() { std::destroy_at(closure); }
    } destroy{closure};
    std::apply([](auto&... part) { std::invoke(std::move(part)...); }, *closure);
  } catch (const GoexitUnwind&) {  // goexit(): the goroutine just ends
  } catch (...) {
    die_of_uncaught(std::current_exception());
  }
}

template <class F>
bool is_null_callable(const F& f) noexcept {
  if constexpr (requires {
                  { f == nullptr } -> std::convertible_to<bool>;
                }) {
    return f == nullptr;
  } else {
    return false;
  }
}

template <class F, class... Args>
void spawn(const GoOptions& options, F&& f, Args&&... args) {
  using Closure = std::tuple<std::decay_t<F>, std::decay_t<Args>...>;
  if (is_null_callable(f)) {
    die_of_nil_function();
  }
  void* const storage = spawn_begin(sizeof(Closure), alignof(Closure));
  if constexpr (std::is_nothrow_constructible_v<Closure, F&&, Args&&...>) {
    ::new (storage) Closure(std::forward<F>(f), std::forward<Args>(args)...);
  } else {
    try {
      ::new (storage) Closure(std::forward<F>(f), std::forward<Args>(args)...);
    } catch (...) {
      spawn_cancel(storage);
      throw;
    }
  }
  spawn_commit(storage, &run_closure<Closure>, options.stack_bytes);
}

}  // namespace detail

// Starts a goroutine that calls f(args...). May be called from goroutines and plain threads; blocks on nothing. What
// happens before go() happens before the body; the end of a goroutine orders nothing. Records Go. Throws what copying
// the arguments throws. A null f is fatal: "go of nil func value".
template <class F, class... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(F&& f, Args&&... args) {
  detail::spawn(GoOptions{}, std::forward<F>(f), std::forward<Args>(args)...);
}
template <class F, class... Args>
  requires std::invocable<std::decay_t<F>, std::decay_t<Args>...>
void go(const GoOptions& options, F&& f, Args&&... args) {
  detail::spawn(options, std::forward<F>(f), std::forward<Args>(args)...);
}

// Lets others run; the caller stays runnable. Records Ready and Switch.
inline void yield() noexcept { detail::yield_now(); }

// Ends the calling goroutine after its deferred calls and destructors. From main: the others go on, and when none is
// left the program dies with Go's text. Not from plain threads.
[[noreturn]] inline void goexit() { throw detail::GoexitUnwind{}; }

// Names the calling goroutine in dumps and reports; the first 31 bytes are kept. Records Name.
inline void set_goroutine_name(std::string_view name) noexcept { detail::set_name(name.data(), name.size()); }

// Goroutines that exist now, main included.
[[nodiscard]] inline std::size_t num_goroutine() noexcept { return detail::count_goroutines(); }

// Those of them that wait now: for a channel, a lock, a timer or anything else that parks. Who is counted has recorded
// its Block and goes on only if somebody wakes it. Takes a walk over all goroutines; records nothing. Go 1.26 has it as
// the metric /sched/goroutines/waiting.
[[nodiscard]] inline std::size_t num_waiting() noexcept { return detail::count_waiting(); }

// Sets how many workers may run goroutines at once (n < 1: only asks) and returns the former setting. Start-up value:
// GORDIAN_MAXPROCS, else the number of processors.
inline int set_max_procs(int n) noexcept { return detail::change_max_procs(n); }

}  // namespace gordian
