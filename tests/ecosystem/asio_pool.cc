// SPDX-License-Identifier: Apache-2.0
// Boost.Asio's thread pool, headers only: jobs posted to it that hand a text from one to the next without a lock of
// their own, an account behind a strand, timers. RACE: the account is used without its strand.
#include <boost/asio.hpp>
#include <chrono>
#include <cstdio>
#include <future>
#include <string>
#include <utility>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

namespace asio = boost::asio;

#ifdef RACE
step::Meeting meeting(3);  // nothing orders what comes behind it
#endif

class Account {
 public:
  explicit Account(asio::thread_pool& pool) : strand_(asio::make_strand(pool)) {}

  void deposit(asio::thread_pool& pool, int amount) {
#ifdef RACE
    asio::post(pool, [this, amount] {
      meeting.arrive();
      balance_ += amount;  // seeded
    });
#else
    static_cast<void>(pool);
    asio::post(strand_, [this, amount] { balance_ += amount; });
#endif
  }
  [[nodiscard]] int balance() const { return balance_; }

 private:
  asio::strand<asio::thread_pool::executor_type> strand_;
  int balance_ = 0;
};

int sum_on_pool(asio::thread_pool& pool) {
  std::vector<std::future<int>> parts;
  for (int part = 0; part < 8; ++part) {
    parts.push_back(asio::post(pool, std::packaged_task<int()>([part] {
                                 int sum = 0;
                                 for (int number = part * 100; number < (part + 1) * 100; ++number) {
                                   sum += number;
                                 }
                                 return sum;
                               })));
  }
  int sum = 0;
  for (auto& part : parts) {
    sum += part.get();
  }
  return sum;
}

// Each job adds a letter and posts the next one, which may run in another thread.
void spell(asio::thread_pool& pool, std::string word, std::string& spelt) {
  asio::post(pool, [&pool, &spelt, word = std::move(word)]() mutable {
    if (word.size() == 8) {
      spelt = word;
    } else {
      word.push_back(static_cast<char>('a' + word.size()));
      spell(pool, std::move(word), spelt);
    }
  });
}

}  // namespace

int main() {
  asio::thread_pool pool(3);
  std::string spelt;
  spell(pool, "", spelt);
  Account account(pool);
  for (int count = 0; count < 40; ++count) {
    account.deposit(pool, 5);
  }
  asio::steady_timer timer(pool, std::chrono::milliseconds(5));
  bool fired = false;
  timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
  const int sum = sum_on_pool(pool);
  pool.join();
#ifdef RACE
  std::printf("%d %d %s\n", sum, fired, spelt.c_str());
#else
  std::printf("%d %d %s %d\n", sum, fired, spelt.c_str(), account.balance());
#endif
}
