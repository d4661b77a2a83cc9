// SPDX-License-Identifier: Apache-2.0
// Tickets of memory stripes and atomics, and ids: no gaps, no repeats, whatever the threads do.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "runtime/record/recorder.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using trace::EventKind;

constexpr int kThreads = 4;

template <class Body>
void on_threads(Body body) {
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([=] {
      rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
      body(index);
      rt::record::end_thread();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

std::map<std::uint64_t, std::vector<std::uint64_t>> tickets_by_stripe(const std::vector<Seen>& events) {
  std::map<std::uint64_t, std::vector<std::uint64_t>> tickets;
  for (const Seen& event : events) {
    tickets[event.field.at("stripe")].push_back(event.field.at("ticket"));
  }
  for (auto& [stripe, list] : tickets) {
    std::sort(list.begin(), list.end());
  }
  return tickets;
}

void expect_no_gaps(const std::map<std::uint64_t, std::vector<std::uint64_t>>& tickets) {
  for (const auto& [stripe, list] : tickets) {
    for (std::size_t index = 0; index < list.size(); ++index) {
      ASSERT_EQ(list[index], index + 1) << "stripe " << stripe;
    }
  }
}

TEST(Tickets, AllocAndFreeShareTheSequenceOfTheirStripe) {
  const Recorded seen = record_in_child(
      [] {
        on_threads([](int index) {
          for (int round = 0; round < 2000; ++round) {
            const std::uintptr_t address =
                (static_cast<std::uintptr_t>(round % 3) << 26) + 0x1000u * static_cast<unsigned>(index);
            rt::record::alloc(address, 64, trace::MemoryKind::heap);
            rt::record::free(address, 64, trace::MemoryKind::heap);
          }
        });
      },
      kRoomy, true);
  std::vector<Seen> all = seen.of(EventKind::Alloc);
  const std::vector<Seen> frees = seen.of(EventKind::Free);
  all.insert(all.end(), frees.begin(), frees.end());
  ASSERT_EQ(all.size(), kThreads * 4000u);
  expect_no_gaps(tickets_by_stripe(all));
}

TEST(Tickets, ABlockIsCutAtTheStripesBorders) {
  const Recorded seen = record_in_child([] {
    rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
    rt::record::alloc((std::uintptr_t{1} << 26) - 16, (std::size_t{1} << 26) + 32, trace::MemoryKind::map);
  });
  const std::vector<Seen> pieces = seen.of(EventKind::Alloc);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].field.at("size"), 16u);
  EXPECT_EQ(pieces[1].field.at("size"), std::uint64_t{1} << 26);
  EXPECT_EQ(pieces[2].field.at("size"), 16u);
  EXPECT_EQ(pieces[2].field.at("stripe"), 2u);
}

TEST(Tickets, AtomicsOfAStripeAreNumberedInTheirOrder) {
  static std::uint64_t g_value;  // atomic only through the hooks
  const Recorded seen = record_in_child(
      [] {
        on_threads([](int) {
          for (int round = 0; round < 2000; ++round) {
            gordian_rt_atomic_begin(&g_value);
            ++g_value;
            gordian_rt_atomic_end(&g_value, 0, gordian_rt_atomic_info(2, 5, 0, 3), 1);
          }
        });
        if (g_value != kThreads * 2000u) {
          _exit(1);
        }
      },
      kRoomy, true);
  const std::vector<Seen> atomics = seen.of(EventKind::Atomic);
  ASSERT_EQ(atomics.size(), kThreads * 2000u);
  expect_no_gaps(tickets_by_stripe(atomics));
  EXPECT_EQ(atomics[0].field.at("size"), 8u);
  EXPECT_EQ(atomics[0].field.at("op"), 2u);
  EXPECT_EQ(atomics[0].field.at("site"), 0u);
}

TEST(Tickets, AFailedCompareExchangeIsALoadWithTheFailureOrder) {
  const Recorded seen = record_in_child([] {
    static std::uint32_t value;
    rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
    gordian_rt_atomic_begin(&value);
    gordian_rt_atomic_end(&value, 4, gordian_rt_atomic_info(2, 5, 2, 2), 0);
  });
  const Seen event = seen.of(EventKind::Atomic).at(0);
  EXPECT_EQ(event.field.at("op"), 0u);
  EXPECT_EQ(event.field.at("order"), 2u);
  EXPECT_EQ(event.field.at("size"), 4u);
  EXPECT_EQ(event.field.at("site"), 4u);
}

TEST(Tickets, AnAtomicInASignalHandlerDoesNotWaitForItself) {
  const Recorded seen = record_in_child([] {
    static std::uint32_t value;
    rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
    gordian_rt_atomic_begin(&value);  // interrupted here
    gordian_rt_atomic_begin(&value);
    gordian_rt_atomic_end(&value, 0, gordian_rt_atomic_info(1, 5, 0, 2), 1);
    gordian_rt_atomic_end(&value, 0, gordian_rt_atomic_info(2, 5, 0, 2), 1);
  });
  EXPECT_EQ(seen.of(EventKind::Atomic).size(), 1u);
}

TEST(Ids, AreGivenInBatchesAndNeverTwice) {
  std::set<std::uint64_t> ids;
  std::vector<std::vector<std::uint64_t>> given(kThreads);
  std::vector<std::thread> threads;
  for (auto& list : given) {
    threads.emplace_back([&list] {
      for (int count = 0; count < 1000; ++count) {
        list.push_back(rt::record::new_actor_id().value);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const auto& list : given) {
    EXPECT_EQ(list[15], list[0] + 15);  // sixteen in a row, as Go
    ids.insert(list.begin(), list.end());
  }
  EXPECT_EQ(ids.size(), kThreads * 1000u);
  EXPECT_FALSE(ids.contains(0));
}

}  // namespace
}  // namespace gordian::test
