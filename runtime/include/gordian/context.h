// SPDX-License-Identifier: Apache-2.0
// Contexts: a signal to stop that goes down a tree of calls, with an optional deadline and values. Handles are cheap to
// copy; everything is const. As in Go a context lives until it is cancelled or its parent is: call cancel on every
// path, or use ContextScope, which does. Source: package context (go1.23).
//
//   auto [ctx, cancel] = gordian::with_cancel(gordian::background());
//   gordian::go([ctx = ctx, jobs] { Select{on_recv(ctx.done()), on_recv(jobs, work)}.run(); });
//   cancel();
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <ostream>
#include <type_traits>
#include <utility>

#include "gordian/chan.h"
#include "gordian/detail/context_api.h"
#include "gordian/go.h"

namespace gordian {

// Go's text; "" for none.
[[nodiscard]] constexpr const char* to_string(ContextError error) noexcept {
  return error == ContextError::canceled            ? "context canceled"
         : error == ContextError::deadline_exceeded ? "context deadline exceeded"
                                                    : "";
}
inline std::ostream& operator<<(std::ostream& out, ContextError error) { return out << to_string(error); }

// A ContextError as an exception: the cause of a context that was cancelled without one.
class ContextEnded : public std::exception {
 public:
  explicit ContextEnded(ContextError error) noexcept : error_(error) {}
  [[nodiscard]] const char* what() const noexcept override { return to_string(error_); }
  [[nodiscard]] ContextError error() const noexcept { return error_; }

 private:
  ContextError error_;
};

class Context {
 public:
  // The background: never over, no deadline, no values.
  constexpr Context() noexcept = default;
  explicit Context(detail::ContextHandle handle) noexcept : handle_(std::move(handle)) {}

  // Closed when the context is over; nil (receives block for ever) if that cannot be. What happens before the
  // cancellation happens before a receive from it returns.
  [[nodiscard]] RecvChan<void> done() const {
    return RecvChan<void>(detail::Handle(detail::context_share_done(handle_.get())));
  }
  // Why it is over; none as long as it is not. Does not block. Another answer than none orders like a receive from
  // done() and records it.
  [[nodiscard]] ContextError err() const noexcept { return detail::context_error(handle_.get()); }
  // What was given to a CancelCauseFunc, of this context or the nearest above that was cancelled so; without that a
  // ContextEnded. Null as long as it is not over. Orders as err().
  [[nodiscard]] std::exception_ptr cause() const {
    const ContextError error = err();
    if (error == ContextError::none) {
      return nullptr;
    }
    const std::exception_ptr given = detail::context_cause(handle_.get());
    return given != nullptr ? given : std::make_exception_ptr(ContextEnded(error));
  }
  // When it will be over by itself.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept {
    std::int64_t steady_ns = 0;
    if (!detail::context_deadline(handle_.get(), steady_ns)) {
      return std::nullopt;
    }
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(steady_ns));
  }
  // The value of type V that was stored under an equal key of the same type, here or nearest above; null if there is
  // none. It lives as long as the context.
  template <class V, class K>
  [[nodiscard]] const V* value(const K& key) const {
    const detail::ContextKey<K> wanted(key);
    for (const detail::ContextCore* at = handle_.get(); at != nullptr; at = detail::context_parent(at)) {
      const detail::ContextEntry* const entry = detail::context_entry(at);
      const void* const found = entry == nullptr ? nullptr : entry->find(typeid(wanted), &wanted, typeid(V));
      if (found != nullptr) {
        return static_cast<const V*>(found);
      }
    }
    return nullptr;
  }

  [[nodiscard]] const detail::ContextHandle& handle() const noexcept { return handle_; }

 private:
  detail::ContextHandle handle_;
};

// Ends its context and all that were made from it. Copies do the same; calls after the first do nothing. Does not
// block. Records ChanClose of each done().
class CancelFunc {
 public:
  explicit CancelFunc(detail::ContextHandle handle) noexcept : handle_(std::move(handle)) {}
  void operator()() const noexcept { detail::context_cancel(handle_.get(), ContextError::canceled, nullptr); }

 private:
  detail::ContextHandle handle_;
};

// The same with a reason, which cause() returns: an exception_ptr (null: none) or an exception.
class CancelCauseFunc {
 public:
  explicit CancelCauseFunc(detail::ContextHandle handle) noexcept : handle_(std::move(handle)) {}
  void operator()(std::exception_ptr cause) const noexcept {
    detail::context_cancel(handle_.get(), ContextError::canceled, std::move(cause));
  }
  template <class E>
    requires std::is_base_of_v<std::exception, E>
  void operator()(const E& cause) const {
    (*this)(std::make_exception_ptr(cause));
  }

 private:
  detail::ContextHandle handle_;
};

// Never over; the root of all others.
[[nodiscard]] inline Context background() noexcept { return {}; }

// A context that ends with its parent or when cancel is called: auto [ctx, cancel] = with_cancel(parent);
[[nodiscard]] inline std::pair<Context, CancelFunc> with_cancel(const Context& parent) {
  const detail::ContextHandle made(detail::context_cancelable(parent.handle().get()));
  return {Context(made), CancelFunc(made)};
}
[[nodiscard]] inline std::pair<Context, CancelCauseFunc> with_cancel_cause(const Context& parent) {
  const detail::ContextHandle made(detail::context_cancelable(parent.handle().get()));
  return {Context(made), CancelCauseFunc(made)};
}

// The same, and it ends at the deadline, with deadline_exceeded. Records TimerSet as well; at the deadline a TimerCall.
template <class Duration>
[[nodiscard]] std::pair<Context, CancelFunc> with_deadline(
    const Context& parent, std::chrono::time_point<std::chrono::steady_clock, Duration> deadline) {
  const auto steady_ns = std::chrono::ceil<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
  const detail::ContextHandle made(detail::context_with_deadline(parent.handle().get(), steady_ns));
  return {Context(made), CancelFunc(made)};
}
template <class Rep, class Period>
[[nodiscard]] std::pair<Context, CancelFunc> with_timeout(const Context& parent,
                                                          std::chrono::duration<Rep, Period> timeout) {
  return with_deadline(parent, std::chrono::steady_clock::now() + std::chrono::ceil<std::chrono::nanoseconds>(timeout));
}

// A context with a value that it and its descendants find: with_value(ctx, "user", 7), ctx.value<int>("user"). Types
// are compared exactly, text by value. Whoever drops the last handle destroys the value.
template <class K, class V>
[[nodiscard]] Context with_value(const Context& parent, const K& key, V value) {
  using Entry = detail::KeyedEntry<detail::ContextKey<K>, V>;
  auto* const entry = new Entry(detail::ContextKey<K>(key), std::move(value));
  return Context(detail::ContextHandle(detail::context_with_entry(parent.handle().get(), entry)));
}

// Undoes an after_func(ctx, f). True: f will not be called; false: it has been started, or was stopped before.
class StopFunc {
 public:
  explicit StopFunc(detail::ContextHandle handle) noexcept : handle_(std::move(handle)) {}
  bool operator()() const noexcept { return detail::context_withdraw(handle_.get()); }

 private:
  detail::ContextHandle handle_;
};

// Calls f in a goroutine of its own when the context is over (at once if it is already). What happens before this or
// before the cancellation happens before the call. Records TimerSet, and a TimerCall by whoever cancels.
template <class F>
StopFunc after_func(const Context& context, F&& f) {
  auto* const body = new detail::TimerFunction<std::decay_t<F>>(std::forward<F>(f));
  return StopFunc(
      detail::ContextHandle(detail::context_with_callback(context.handle().get(), body, &detail::run_timer_body)));
}

// A context that is cancelled at the end of its scope.
//
//   const ContextScope scope(parent, 5s);
//   fetch(scope.context());
class [[nodiscard]] ContextScope {
 public:
  explicit ContextScope(const Context& parent) : ContextScope(with_cancel(parent)) {}
  template <class Rep, class Period>
  ContextScope(const Context& parent, std::chrono::duration<Rep, Period> timeout)
      : ContextScope(with_timeout(parent, timeout)) {}
  ~ContextScope() { cancel_(); }
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;

  [[nodiscard]] const Context& context() const noexcept { return context_; }
  void cancel() const noexcept { cancel_(); }

 private:
  explicit ContextScope(std::pair<Context, CancelFunc> made)
      : context_(std::move(made.first)), cancel_(std::move(made.second)) {}

  Context context_;
  CancelFunc cancel_;
};

}  // namespace gordian
