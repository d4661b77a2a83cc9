// SPDX-License-Identifier: Apache-2.0
// OnceFunc, OnceValue, Pool, SyncMap.
#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

class SharedTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(SharedTest);

TEST_P(SharedTest, OnceValueIsMadeOnce) {
  std::atomic<int> calls{0};
  OnceValue config{[&] {
    ++calls;
    yield();
    return std::string("made");
  }};
  WaitGroup group;
  for (int i = 0; i < 10; ++i) {
    group.go([&] { EXPECT_EQ(config(), "made"); });
  }
  group.wait();
  EXPECT_EQ(calls, 1);
}

TEST_P(SharedTest, OnceValueThrowsTheSameAtEachCall) {
  int calls = 0;
  OnceValue<int> value([&]() -> int {
    ++calls;
    throw std::runtime_error("no config");
  });
  for (int i = 0; i < 3; ++i) {
    try {
      value();
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "no config");
    }
  }
  EXPECT_EQ(calls, 1);
}

TEST_P(SharedTest, OnceFuncPanicsAgain) {
  OnceFunc f([] { panic("broken"); });
  EXPECT_THROW(f(), Panic);
  EXPECT_THROW(f(), Panic);
  const auto captured = std::make_shared<int>(1);
  OnceFunc forgets([captured] {});
  EXPECT_EQ(captured.use_count(), 2);
  forgets();
  EXPECT_EQ(captured.use_count(), 1);
}

TEST_P(SharedTest, PoolGivesBackWhatWasPut) {
  int made = 0;
  Pool<std::unique_ptr<int>> pool([&] { return std::make_unique<int>(++made); });
  auto first = pool.get();
  EXPECT_EQ(*first, 1);
  *first = 10;
  pool.put(std::move(first));
  EXPECT_EQ(*pool.get(), 10);
  EXPECT_EQ(*pool.get(), 2);
  for (int i = 0; i < 1000; ++i) {
    pool.put(std::make_unique<int>(i));  // what is too much is dropped
  }
  Pool<std::string> texts;
  EXPECT_EQ(texts.get(), "");
}

TEST_P(SharedTest, MapOperations) {
  SyncMap<std::string, int> map;
  EXPECT_EQ(map.load("a"), std::nullopt);
  map.store("a", 1);
  EXPECT_EQ(map.load("a"), 1);
  EXPECT_EQ(map.load_or_store("a", 2), (std::pair{1, true}));
  EXPECT_EQ(map.load_or_store("b", 2), (std::pair{2, false}));
  EXPECT_EQ(map.swap("b", 3), 2);
  EXPECT_EQ(map.swap("c", 4), std::nullopt);
  EXPECT_FALSE(map.compare_and_swap("c", 5, 6));
  EXPECT_FALSE(map.compare_and_swap("d", 5, 6));
  EXPECT_TRUE(map.compare_and_swap("c", 4, 6));
  EXPECT_FALSE(map.compare_and_delete("c", 4));
  EXPECT_TRUE(map.compare_and_delete("c", 6));
  EXPECT_EQ(map.load_and_delete("a"), 1);
  EXPECT_EQ(map.load_and_delete("a"), std::nullopt);
  map.erase("b");
  EXPECT_EQ(map.load("b"), std::nullopt);
}

TEST_P(SharedTest, MapRangeMayUseTheMap) {
  SyncMap<int, int> map;
  for (int i = 0; i < 10; ++i) {
    map.store(i, i * i);
  }
  std::set<int> seen;
  map.range([&](int key, int value) {
    EXPECT_EQ(value, key * key);
    map.erase(key);
    return seen.insert(key).second && seen.size() < 5;
  });
  EXPECT_EQ(seen.size(), 5u);
  map.clear();
  map.range([](int, int) { return ADD_FAILURE(), true; });
}

TEST_P(SharedTest, MapUnderManyHands) {
  SyncMap<int, int> map;
  WaitGroup group;
  for (int i = 0; i < 4; ++i) {
    group.go([&] {
      for (int k = 0; k < 200; ++k) {
        for (int old = map.load_or_store(k % 7, 0).first; !map.compare_and_swap(k % 7, old, old + 1);) {
          old = *map.load(k % 7);
        }
      }
    });
  }
  group.wait();
  int sum = 0;
  map.range([&](int, int value) {
    sum += value;
    return true;
  });
  EXPECT_EQ(sum, 800);
}

}  // namespace
}  // namespace gordian::test
