// SPDX-License-Identifier: Apache-2.0
// The tree of contexts.
//
// [X1] A node owns its parent; a node that can be cancelled and has an ancestor that can is in that one's list and
// owned
//      by it until either is cancelled: what nobody cancels lives as long as its parent, as in Go.
// [X2] A node's guard guards its error, its cause and its list; a node's links and is_linked belong to the list they
// are
//      in. Nothing of the user's runs under one, and only a timer's is taken inside it.
// [X3] error is stored before done is closed: who sees it waits for the close, so that every end that is seen was
// received.
#include <atomic>
#include <chrono>
#include <new>
#include <utility>

#include "gordian/detail/context_api.h"
#include "runtime/base/check.h"
#include "runtime/record/recorder.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/timer.h"

namespace gordian::detail {

struct ContextCore {
  std::atomic<std::uint32_t> guard{0};
  std::atomic<std::uint32_t> references{1};
  std::atomic<ContextError> error{ContextError::none};
  bool is_linked = false;
  bool has_deadline = false;
  ContextCore* parent = nullptr;
  ContextCore* canceler = nullptr;  // the nearest node upwards that can be cancelled, itself included
  ContextCore* above = nullptr;     // in whose list it is, while it is linked
  Channel* done = nullptr;
  ContextEntry* entry = nullptr;
  TimerCore* timer = nullptr;  // of the deadline; or it calls when the node is over
  bool is_callback = false;
  std::int64_t deadline_ns = 0;
  std::exception_ptr cause;
  ContextCore* children = nullptr;
  ContextCore* next = nullptr;
  ContextCore* previous = nullptr;
};

}  // namespace gordian::detail

namespace gordian::rt::sync {

namespace {

using detail::ContextCore;

ContextCore* make_node(ContextCore* parent) noexcept {
  ContextCore* node = nullptr;
  {
    const record::Internal internal;
    node = new (std::nothrow) ContextCore;
  }
  GORDIAN_CHECK(node != nullptr);
  node->parent = parent;
  if (parent != nullptr) {
    detail::context_retain(parent);
    node->canceler = parent->canceler;
    node->has_deadline = parent->has_deadline;
    node->deadline_ns = parent->deadline_ns;
  }
  return node;
}

void destroy(ContextCore* node) noexcept {
  delete node->entry;
  if (node->done != nullptr) {
    detail::channel_release(node->done);
  }
  if (node->timer != nullptr) {
    detail::timer_release(node->timer);
  }
  const record::Internal internal;
  delete node;
}

// Under the guard of `list`.
void link(ContextCore& list, ContextCore& node) noexcept {
  node.next = list.children;
  node.previous = nullptr;
  if (node.next != nullptr) {
    node.next->previous = &node;
  }
  list.children = &node;
  node.above = &list;
  node.is_linked = true;
  detail::context_retain(&node);
}

// Takes the node out of its list. True: it was in one.
bool unlink(ContextCore& node, ContextCore* list) noexcept {
  if (list == nullptr) {
    return false;
  }
  {
    const Guard guard(list->guard);
    if (!node.is_linked) {
      return false;
    }
    (node.previous == nullptr ? list->children : node.previous->next) = node.next;
    if (node.next != nullptr) {
      node.next->previous = node.previous;
    }
    node.is_linked = false;
  }
  detail::context_release(&node);
  return true;
}

// Under the guard: all children leave, still owned, in a list by `next`.
ContextCore* take_children(ContextCore& node) noexcept {
  for (ContextCore* child = node.children; child != nullptr; child = child->next) {
    child->is_linked = false;
  }
  return std::exchange(node.children, nullptr);
}

// Ends one node; its children go before `rest`. Null-terminated by next.
bool end_node(ContextCore& node, ContextError error, const std::exception_ptr& cause, ContextCore*& rest) noexcept {
  {
    const Guard guard(node.guard);
    if (node.error.load(std::memory_order_relaxed) != ContextError::none) {  // relaxed: written under the guard
      return false;
    }
    node.cause = cause;
    // release: pairs with the acquire in context_error(): who sees it sees the cause.
    node.error.store(error, std::memory_order_release);
    ContextCore* const children = take_children(node);
    for (ContextCore* child = children; child != nullptr; child = child->next) {
      if (child->next == nullptr) {
        child->next = std::exchange(rest, children);
        break;
      }
    }
  }
  if (node.done != nullptr) {
    detail::channel_close(node.done);
  }
  if (node.timer != nullptr) {
    node.is_callback ? call_now(*node.timer) : static_cast<void>(detail::timer_stop(node.timer));
    detail::timer_release(std::exchange(node.timer, nullptr));  // and with it a deadline's reference to the node
  }
  return true;
}

// Puts the node below what can cancel it, or ends it at once.
void join_tree(ContextCore& node, ContextCore* above) noexcept {
  if (above == nullptr) {
    return;
  }
  ContextError error = ContextError::none;
  std::exception_ptr cause;
  {
    const Guard guard(above->guard);
    error = above->error.load(std::memory_order_relaxed);  // relaxed: under the guard
    if (error == ContextError::none) {
      link(*above, node);
    } else {
      cause = above->cause;
    }
  }
  if (error != ContextError::none) {
    detail::context_cancel(&node, error, cause);
  }
}

ContextCore* make_cancelable(ContextCore* parent) noexcept {
  ContextCore* const node = make_node(parent);
  node->canceler = node;
  node->done = make_channel(trace::ObjectKind::context, 0, 0, nullptr);
  return node;
}

class Deadline final : public detail::TimerBody {
 public:
  explicit Deadline(ContextCore* core) noexcept : context_(core) { detail::context_retain(core); }
  void run() override { detail::context_cancel(context_.get(), ContextError::deadline_exceeded, nullptr); }

 private:
  detail::ContextHandle context_;
};

// The timer owns the node and the node the timer, until the node is over, which it may be already.
void set_deadline(ContextCore& node, std::int64_t nanoseconds) noexcept {
  detail::TimerCore* const timer = detail::timer_make_caller(new Deadline(&node), &detail::run_timer_body);
  {
    const Guard guard(node.guard);
    if (node.error.load(std::memory_order_relaxed) == ContextError::none) {  // relaxed: under the guard
      node.timer = timer;
      detail::timer_set(timer, nanoseconds, 0);
      return;
    }
  }
  detail::timer_release(timer);
}

std::int64_t steady_now() noexcept { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

ContextEntry::~ContextEntry() = default;

ContextCore* context_cancelable(ContextCore* parent) noexcept {
  ContextCore* const node = make_cancelable(parent);
  join_tree(*node, parent == nullptr ? nullptr : parent->canceler);
  return node;
}

ContextCore* context_with_deadline(ContextCore* parent, std::int64_t steady_ns) noexcept {
  if (parent != nullptr && parent->has_deadline && parent->deadline_ns <= steady_ns) {
    return context_cancelable(parent);
  }
  ContextCore* const node = make_cancelable(parent);
  node->has_deadline = true;
  node->deadline_ns = steady_ns;
  join_tree(*node, parent == nullptr ? nullptr : parent->canceler);
  const std::int64_t left = steady_ns - steady_now();
  if (left > 0) {
    set_deadline(*node, left);
  } else {
    context_cancel(node, ContextError::deadline_exceeded, nullptr);
  }
  return node;
}

ContextCore* context_with_entry(ContextCore* parent, ContextEntry* owned) noexcept {
  ContextCore* const node = make_node(parent);
  node->entry = owned;
  return node;
}

ContextCore* context_with_callback(ContextCore* parent, TimerBody* owned, Entry entry) noexcept {
  ContextCore* const node = make_node(parent);
  ContextCore* const above = node->canceler;
  node->canceler = node;
  node->is_callback = true;
  node->timer = timer_make_caller(owned, entry);
  expect(*node->timer);
  join_tree(*node, above);
  return node;
}

void context_retain(ContextCore* core) noexcept {
  core->references.fetch_add(1, std::memory_order_relaxed);  // relaxed: whoever adds one has one
}

void context_release(ContextCore* core) noexcept {
  while (core != nullptr) {
    // acq_rel: release orders this owner's uses before the last one's destruction, which acquires them.
    if (core->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
      return;
    }
    ContextCore* const parent = core->parent;
    destroy(core);
    core = parent;
  }
}

Channel* context_done(const ContextCore* core) noexcept {
  return core == nullptr || core->canceler == nullptr ? nullptr : core->canceler->done;
}

Channel* context_share_done(const ContextCore* core) noexcept {
  Channel* const done = context_done(core);
  if (done != nullptr) {
    identify(*done);
    channel_retain(done);
  }
  return done;
}

ContextError context_error(const ContextCore* core) noexcept {
  if (core == nullptr || core->canceler == nullptr) {
    return ContextError::none;
  }
  // acquire: pairs with the release in end_node(): the cause is there.
  const ContextError error = core->canceler->error.load(std::memory_order_acquire);
  if (error != ContextError::none) {
    channel_receive(core->canceler->done, nullptr);  // [X3]
  }
  return error;
}

std::exception_ptr context_cause(const ContextCore* core) noexcept { return core->canceler->cause; }

bool context_deadline(const ContextCore* core, std::int64_t& steady_ns) noexcept {
  steady_ns = core == nullptr ? 0 : core->deadline_ns;
  return core != nullptr && core->has_deadline;
}

const ContextCore* context_parent(const ContextCore* core) noexcept { return core->parent; }
const ContextEntry* context_entry(const ContextCore* core) noexcept { return core->entry; }

bool context_cancel(ContextCore* core, ContextError error, std::exception_ptr cause) noexcept {
  ContextCore* rest = nullptr;
  context_retain(core);
  const bool first = end_node(*core, error, cause, rest);
  if (first) {
    unlink(*core, core->above);
  }
  while (rest != nullptr) {
    ContextCore* const node = std::exchange(rest, rest->next);
    end_node(*node, error, cause, rest);
    context_release(node);  // its list's reference [X1]
  }
  context_release(core);
  return first;
}

bool context_withdraw(ContextCore* core) noexcept {
  {
    const Guard guard(core->guard);
    if (core->error.load(std::memory_order_relaxed) != ContextError::none) {  // relaxed: written under the guard
      return false;
    }
    core->error.store(ContextError::canceled, std::memory_order_relaxed);  // relaxed: read under the guard
  }
  timer_stop(core->timer);
  unlink(*core, core->above);
  return true;
}

}  // namespace gordian::detail
