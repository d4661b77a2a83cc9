// SPDX-License-Identifier: Apache-2.0
// Goroutines that work on one task: wait() waits for all of them and reports the first error. An error is an exception;
// a Panic is none, it ends the program as in any goroutine. Source: golang.org/x/sync/errgroup.
//
//   gordian::ErrGroup group(ctx);
//   for (const std::string& url : urls) group.go([&, ctx = group.context()] { fetch(ctx, url); });
//   group.wait();  // throws what the first of them threw
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "gordian/context.h"
#include "gordian/semaphore.h"
#include "gordian/sync.h"

namespace gordian {

// Neither copyable nor movable: its goroutines refer to it. The destructor waits for them, too, but throws nothing.
class ErrGroup {
 public:
  ErrGroup() : ErrGroup(background()) {}
  // The first error cancels context(), a child of the parent; so does wait().
  explicit ErrGroup(const Context& parent) : scope_(parent) {}
  ~ErrGroup() { tasks_.wait(); }
  ErrGroup(const ErrGroup&) = delete;
  ErrGroup& operator=(const ErrGroup&) = delete;

  [[nodiscard]] const Context& context() const noexcept { return scope_.context(); }

  // At most n goroutines at once. Only while none of them runs; throws Panic otherwise.
  void set_limit(std::uint64_t n) {
    if (limit_ != nullptr && !limit_->try_acquire(limited_to_)) {
      panic("errgroup: modify limit while goroutines in the group are still active");
    }
    limit_ = std::make_unique<Semaphore>(n);
    limited_to_ = n;
  }
  // Calls f in a goroutine; at the limit, blocks until another one is done. Records as WaitGroup and Semaphore do.
  template <class F>
  void go(F&& f) {
    if (limit_ != nullptr) {
      limit_->acquire();
    }
    start(std::forward<F>(f));
  }
  // The same, unless it would block. True if f was started.
  template <class F>
  [[nodiscard]] bool try_go(F&& f) {
    if (limit_ != nullptr && !limit_->try_acquire()) {
      return false;
    }
    start(std::forward<F>(f));
    return true;
  }
  // Blocks until all have returned; throws what the first of those that threw has thrown.
  void wait() {
    tasks_.wait();
    scope_.cancel();
    const std::scoped_lock guard(lock_);
    if (first_ != nullptr) {
      std::rethrow_exception(first_);
    }
  }

 private:
  template <class F>
  void start(F&& f) {
    tasks_.go([this, task = std::decay_t<F>(std::forward<F>(f))]() mutable {
      const Defer finally([this] {
        if (limit_ != nullptr) {
          limit_->release();
        }
      });
      try {
        task();
      } catch (const Panic&) {
        throw;
      } catch (const detail::GoexitUnwind&) {
        throw;
      } catch (...) {
        fail(std::current_exception());
      }
    });
  }
  void fail(std::exception_ptr error) {
    {
      const std::scoped_lock guard(lock_);
      if (first_ != nullptr) {
        return;
      }
      first_ = std::move(error);
    }
    scope_.cancel();
  }

  ContextScope scope_;
  std::unique_ptr<Semaphore> limit_;
  std::uint64_t limited_to_ = 0;
  Mutex lock_;  // guards first_
  std::exception_ptr first_;
  WaitGroup tasks_;
};

}  // namespace gordian
