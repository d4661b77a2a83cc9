// SPDX-License-Identifier: Apache-2.0
// Channel operations without a lock, or that do not block.
// RUN: %lint --checks=channel-op-under-lock %s -- %headers 2>&1 | count 0
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex mu;
int latest = 0;

void after_the_scope(gordian::SendChan<int> prices, int price) {
  {
    std::scoped_lock hold(mu);
    latest = price;
  }
  prices.send(price);
}

void after_the_unlock(gordian::SendChan<int> prices, int price) {
  mu.lock();
  latest = price;
  mu.unlock();
  prices.send(price);
}

bool without_waiting(gordian::Chan<int> prices) {
  std::scoped_lock hold(mu);
  gordian::Select{gordian::on_recv(prices, &latest), gordian::on_default()}.run();
  int price = 0;
  return prices.try_send(latest) || prices.try_recv(price) == gordian::ChanStatus::ok;
}

void closing(gordian::SendChan<int> prices) {
  std::scoped_lock hold(mu);
  prices.close();
}

// The goroutine does not hold what its starter holds.
void in_a_goroutine(gordian::Chan<int> prices) {
  std::scoped_lock hold(mu);
  gordian::go([prices] { prices.send(1); });
}

void unlocked_early(gordian::Chan<int> prices) {
  std::unique_lock lock(mu);
  const int price = latest;
  lock.unlock();
  prices.send(price);
}

void released_on_one_way(gordian::Chan<int> prices, bool now) {
  mu.lock();
  if (now) {
    mu.unlock();
    prices.send(1);
    return;
  }
  latest = 0;
  mu.unlock();
}

void not_yet(gordian::Chan<int> prices) {
  prices.send(1);
  std::unique_lock lock(mu, std::defer_lock);
  prices.send(2);
}
