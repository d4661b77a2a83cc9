// SPDX-License-Identifier: Apache-2.0
// What the surface promises at compile time.
#include <gordian/gordian.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <mutex>
#include <ranges>
#include <shared_mutex>
#include <type_traits>

namespace gordian {
namespace {

template <class T>
concept Lockable = requires(T& lock) {
  lock.lock();
  lock.unlock();
  { lock.try_lock() } -> std::same_as<bool>;
};
template <class T>
concept Pinned = !std::is_copy_constructible_v<T> && !std::is_move_constructible_v<T> && !std::is_copy_assignable_v<T>;

static_assert(Lockable<Mutex> && Lockable<RWMutex> && Lockable<RWMutex::Reader>);
static_assert(Pinned<Mutex> && Pinned<RWMutex> && Pinned<WaitGroup> && Pinned<Once> && Pinned<Cond> &&
              Pinned<Semaphore>);

constinit Mutex g_mutex;
constinit RWMutex g_rw;
constinit WaitGroup g_group;
constinit Once g_once;
constinit Cond g_cond(g_mutex);
constinit Semaphore g_semaphore(1);

static_assert(std::is_convertible_v<Chan<int>, SendChan<int>> && std::is_convertible_v<Chan<int>, RecvChan<int>>);
static_assert(!std::is_convertible_v<SendChan<int>, RecvChan<int>> && !std::is_convertible_v<RecvChan<int>, Chan<int>>);

template <class C>
concept CanSend = requires(const C& channel) { channel.send(1); };
template <class C>
concept CanReceive = requires(const C& channel) { channel.recv(); };
static_assert(CanSend<Chan<int>> && CanReceive<Chan<int>>);
static_assert(CanSend<SendChan<int>> && !CanReceive<SendChan<int>>);
static_assert(!CanSend<RecvChan<int>> && CanReceive<RecvChan<int>>);

struct NoDefault {
  explicit NoDefault(int) {}
};
static_assert(!CanReceive<Chan<NoDefault>>);
static_assert(requires(const Chan<NoDefault>& channel) { channel.next(); });

template <class D>
concept CanSleep = requires(D d) { gordian::sleep(d); };
static_assert(CanSleep<std::chrono::milliseconds> && !CanSleep<int>);

static_assert(std::ranges::input_range<const Chan<int>> &&
              std::ranges::input_range<const RecvChan<std::unique_ptr<int>>>);
static_assert(std::is_base_of_v<std::exception, Panic>);
static_assert(!noexcept(std::declval<Defer<void (*)()>>().~Defer()));

TEST(Surface, LocksWorkWithTheStandardGuards) {
  const std::scoped_lock both(g_mutex, g_rw);
  EXPECT_FALSE(g_mutex.try_lock());
  EXPECT_FALSE(g_rw.try_lock_shared());
  g_group.wait();
  int calls = 0;
  g_once.call([&] { ++calls; });
  g_cond.signal();
  EXPECT_TRUE(g_semaphore.try_acquire());
  g_semaphore.release();
  EXPECT_EQ(calls, 1);
}

TEST(Surface, SharedLockAndReaderView) {
  RWMutex rw;
  const std::shared_lock first(rw);
  auto reader = rw.reader();
  const std::scoped_lock second(reader);
  EXPECT_FALSE(rw.try_lock());
}

TEST(Surface, NilChannels) {
  const Chan<int> nil;
  EXPECT_FALSE(nil);
  EXPECT_TRUE(nil == nullptr);
  EXPECT_EQ(nil.len(), 0u);
  EXPECT_EQ(nil.cap(), 0u);
  const auto one = make_chan<int>(3);
  const Chan<int> same = one;  // NOLINT(performance-unnecessary-copy-initialization): the copy is what is tested
  EXPECT_TRUE(one == same);
  EXPECT_FALSE(one == make_chan<int>(3));
  EXPECT_TRUE(RecvChan<int>(one) == SendChan<int>(same));
  EXPECT_EQ(one.cap(), 3u);
}

}  // namespace
}  // namespace gordian
