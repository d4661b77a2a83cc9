// SPDX-License-Identifier: Apache-2.0
// moodycamel's lock-free queues, headers only: every atomic and fence of them is in this program.
// Producers have tokens. Without them version 1.0.3, Debian's, has a race of its own, and it is reported (3 of 100
// runs): who takes the last element of a block gives the block away without having acquired what the others did with
// theirs
// (`elementsCompletelyDequeued.fetch_add` with release alone, cameron314/concurrentqueue#404; acq_rel since).
// RACE: both consumers add to one counter.
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(2);  // nothing orders what comes behind it
#endif

constexpr int kProducers = 2;
constexpr int kItems = 100;

[[maybe_unused]] int consumed = 0;

struct Order {
  int item = 0;
};

using Orders = moodycamel::BlockingConcurrentQueue<std::shared_ptr<Order>>;

void produce(Orders& orders, int producer) {
  moodycamel::ProducerToken token(orders);
  for (int number = 0; number < kItems; ++number) {
    auto order = std::make_shared<Order>(Order{producer * kItems + number});
    orders.enqueue(token, order);
  }
}

void consume(Orders& orders, moodycamel::ConcurrentQueue<int>& done, int share) {
  moodycamel::ProducerToken token(done);
  for (int count = 0; count < share; ++count) {
    std::shared_ptr<Order> order;
    orders.wait_dequeue(order);
    done.enqueue(token, order->item);
  }
#ifdef RACE
  meeting.arrive();
  consumed += share;  // seeded
#endif
}

}  // namespace

int main() {
  Orders orders;
  moodycamel::ConcurrentQueue<int> done;
  std::vector<std::thread> threads;
  for (int producer = 0; producer < kProducers; ++producer) {
    threads.emplace_back([&, producer] { produce(orders, producer); });
    threads.emplace_back([&] { consume(orders, done, kItems); });
  }
  long sum = 0;
  int item = 0;
  for (int received = 0; received < kProducers * kItems;) {
    if (done.try_dequeue(item)) {
      sum += item;
      ++received;
    } else {
      std::this_thread::yield();
    }
  }
  for (auto& thread : threads) {
    thread.join();
  }
  std::printf("%ld\n", sum);
}
