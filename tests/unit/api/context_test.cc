// SPDX-License-Identifier: Apache-2.0
// Contexts, by package context of go1.23.
#include <atomic>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class ContextTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(ContextTest);

bool is_over(const Context& context) { return context.done().try_recv() == ChanStatus::closed; }

std::string what(const std::exception_ptr& cause) {
  try {
    std::rethrow_exception(cause);
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST_P(ContextTest, TheBackgroundIsNeverOver) {
  const Context root = background();
  EXPECT_TRUE(root.done() == nullptr);
  EXPECT_EQ(root.err(), ContextError::none);
  EXPECT_EQ(root.cause(), nullptr);
  EXPECT_FALSE(root.deadline());
  EXPECT_EQ(root.value<int>("key"), nullptr);
}

TEST_P(ContextTest, CancelEndsIt) {
  const auto [ctx, cancel] = with_cancel(background());
  EXPECT_FALSE(is_over(ctx));
  EXPECT_EQ(ctx.err(), ContextError::none);
  const auto seen = make_chan<ContextError>();
  go([ctx = ctx, seen] {
    ctx.done().recv();
    seen.send(ctx.err());
  });
  cancel();
  cancel();
  EXPECT_EQ(seen.recv(), ContextError::canceled);
  EXPECT_TRUE(is_over(ctx));
  std::ostringstream text;
  text << ctx.err();
  EXPECT_EQ(text.str(), "context canceled");
  EXPECT_EQ(what(ctx.cause()), "context canceled");
}

TEST_P(ContextTest, ItGoesDownNotUp) {
  const auto [parent, cancel_parent] = with_cancel(background());
  const auto [left, cancel_left] = with_cancel(parent);
  const auto [right, cancel_right] = with_cancel(with_value(parent, "side", std::string("right")));
  const auto [below, cancel_below] = with_cancel(right);
  cancel_left();
  EXPECT_TRUE(is_over(left) && !is_over(parent) && !is_over(right));
  cancel_parent();
  EXPECT_TRUE(is_over(parent) && is_over(right) && is_over(below));
  EXPECT_EQ(below.err(), ContextError::canceled);
  const auto [late, cancel_late] = with_cancel(parent);
  EXPECT_TRUE(is_over(late));
  cancel_right();
  cancel_below();
  cancel_late();
}

TEST_P(ContextTest, Deadlines) {
  const auto [ctx, cancel] = with_timeout(background(), 2ms);
  ASSERT_TRUE(ctx.deadline());
  const auto [child, cancel_child] = with_timeout(ctx, 1h);
  EXPECT_EQ(child.deadline(), ctx.deadline()) << "the parent's is sooner";
  child.done().recv();
  EXPECT_EQ(ctx.err(), ContextError::deadline_exceeded);
  EXPECT_EQ(child.err(), ContextError::deadline_exceeded);
  EXPECT_STREQ(to_string(ctx.err()), "context deadline exceeded");
  EXPECT_GE(std::chrono::steady_clock::now(), *ctx.deadline());
  const auto [late, cancel_late] = with_deadline(background(), std::chrono::steady_clock::now() - 1s);
  EXPECT_EQ(late.err(), ContextError::deadline_exceeded);
  const auto [early, cancel_early] = with_timeout(background(), 1h);
  cancel_early();
  EXPECT_EQ(early.err(), ContextError::canceled);
  cancel();
  cancel_child();
  cancel_late();
}

TEST_P(ContextTest, Causes) {
  const auto [ctx, cancel] = with_cancel_cause(background());
  const auto [child, cancel_child] = with_cancel(ctx);
  cancel(std::runtime_error("disk full"));
  cancel(std::runtime_error("too late"));
  EXPECT_EQ(what(ctx.cause()), "disk full");
  EXPECT_EQ(what(child.cause()), "disk full");
  EXPECT_EQ(child.err(), ContextError::canceled);
  const auto [plain, cancel_plain] = with_cancel_cause(background());
  cancel_plain(nullptr);
  EXPECT_EQ(what(plain.cause()), "context canceled");
  cancel_child();
}

TEST_P(ContextTest, ValuesAreFoundUpwards) {
  struct Key {
    int id;
    bool operator==(const Key&) const = default;
  };
  const Context user = with_value(background(), "user", std::string("ann"));
  const Context both = with_value(user, Key{7}, 42);
  const auto [ctx, cancel] = with_cancel(with_value(both, std::string("user"), std::string("bob")));
  ASSERT_NE(ctx.value<std::string>("user"), nullptr);
  EXPECT_EQ(*ctx.value<std::string>("user"), "bob");
  EXPECT_EQ(*both.value<std::string>("user"), "ann");
  EXPECT_EQ(*ctx.value<int>(Key{7}), 42);
  EXPECT_EQ(ctx.value<int>(Key{8}), nullptr);
  EXPECT_EQ(ctx.value<double>(Key{7}), nullptr) << "of another type";
  EXPECT_TRUE(user.done() == nullptr);
  cancel();
}

TEST_P(ContextTest, AfterFunc) {
  const auto [ctx, cancel] = with_cancel(background());
  const auto called = make_chan<std::string>(2);
  const StopFunc first = after_func(ctx, [called] { called.send("called"); });
  const StopFunc second = after_func(ctx, [called] { called.send("never"); });
  EXPECT_TRUE(second());
  EXPECT_FALSE(second());
  cancel();
  EXPECT_EQ(called.recv(), "called");
  EXPECT_FALSE(first());
  after_func(ctx, [called] { called.send("at once"); });
  EXPECT_EQ(called.recv(), "at once");
  EXPECT_EQ(called.len(), 0u);
  const StopFunc on_nothing = after_func(background(), [] { FAIL(); });
  EXPECT_TRUE(on_nothing());
}

TEST_P(ContextTest, AScopeCancelsByItself) {
  Context outlives;
  {
    const ContextScope scope(background());
    outlives = scope.context();
    EXPECT_EQ(outlives.err(), ContextError::none);
  }
  EXPECT_EQ(outlives.err(), ContextError::canceled);
  const ContextScope timed(background(), 1ms);
  timed.context().done().recv();
  EXPECT_EQ(timed.context().err(), ContextError::deadline_exceeded);
}

TEST_P(ContextTest, ManyAtOnce) {
  const auto [root, cancel] = with_cancel(background());
  WaitGroup group;
  std::atomic<int> ended{0};
  for (int i = 0; i < 50; ++i) {
    group.go([root = root, &ended, i] {
      const ContextScope scope(root, std::chrono::microseconds(i * 20));
      const ContextScope below(scope.context());
      below.context().done().recv();
      ended += below.context().err() != ContextError::none ? 1 : 0;
    });
  }
  sleep(500us);
  cancel();
  group.wait();
  EXPECT_EQ(ended, 50);
}

static_assert(std::is_copy_constructible_v<CancelFunc> && std::is_invocable_v<const CancelFunc>);
static_assert(std::is_same_v<decltype(background().done()), RecvChan<void>>);

}  // namespace
}  // namespace gordian::test
