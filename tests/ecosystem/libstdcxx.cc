// SPDX-License-Identifier: Apache-2.0
// libstdc++ where its compiled part and its reference counts do the work: shared_ptr and weak_ptr between threads,
// atomic shared_ptr, streams and locales, regular expressions, exceptions that travel; a promise and a queue under a
// condition variable that hand vectors over, something that is done once.
// RACE: one shared_ptr variable is assigned and read by two threads.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <future>
#include <iomanip>
#include <locale>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(2);  // nothing orders what comes behind it
#endif

struct Config {
  std::map<std::string, int> values;
};

struct Thousands : std::numpunct<char> {
  char do_thousands_sep() const override { return '\''; }
  std::string do_grouping() const override { return "\3"; }
};

std::string format(const std::locale& locale, long number) {
  std::ostringstream out;
  out.imbue(locale);
  out << std::setw(12) << number << ' ' << std::use_facet<std::ctype<char>>(locale).toupper('x');
  return out.str();
}

class Holder {
 public:
#ifdef RACE
  void set(std::shared_ptr<const Config> config) { config_ = std::move(config); }  // seeded
  std::shared_ptr<const Config> get() const { return config_; }
#else
  void set(std::shared_ptr<const Config> config) { config_.store(std::move(config)); }
  std::shared_ptr<const Config> get() const { return config_.load(); }
#endif

 private:
#ifdef RACE
  std::shared_ptr<const Config> config_ = std::make_shared<Config>();
#else
  std::atomic<std::shared_ptr<const Config>> config_ = std::make_shared<const Config>();
#endif
};

using Numbers = std::vector<int>;

// The producer makes vectors, the consumer has them to itself.
class Channel {
 public:
  void send(Numbers numbers) {
    auto made = std::make_unique<Numbers>(std::move(numbers));
    const std::lock_guard hold(mu_);
    queue_.push_back(std::move(made));
    filled_.notify_one();
  }
  Numbers receive() {
    std::unique_lock hold(mu_);
    filled_.wait(hold, [this] { return !queue_.empty(); });
    const std::unique_ptr<Numbers> first = std::move(queue_.front());
    queue_.pop_front();
    hold.unlock();
    return *first;
  }

 private:
  std::mutex mu_;
  std::condition_variable filled_;
  std::deque<std::unique_ptr<Numbers>> queue_;
};

std::once_flag limit_known;
int limit = 0;

int limited_sum(const Numbers& numbers) {
  std::call_once(limit_known, [] { limit = 100; });
  return std::min(limit, std::accumulate(numbers.begin(), numbers.end(), 0));
}

int hand_over() {
  std::promise<Numbers> promise;
  std::future<Numbers> future = promise.get_future();
  Channel channel;
  std::thread producer([&] {
    promise.set_value({1, 2, 3});
    for (int count = 1; count <= 4; ++count) {
      channel.send(Numbers(static_cast<std::size_t>(count), count));
    }
    limited_sum({});
  });
  int sum = limited_sum(future.get());
  for (int count = 1; count <= 4; ++count) {
    sum += limited_sum(channel.receive());
  }
  producer.join();
  return sum;
}

int read_config(const std::weak_ptr<const Config>& weak) {
  const auto config = weak.lock();
  return config == nullptr ? 0 : static_cast<int>(config->values.size());
}

}  // namespace

int main() {
  const std::locale locale(std::locale::classic(), new Thousands);
  Holder holder;
  std::vector<std::string> lines(3);
  std::vector<std::thread> threads;
  std::exception_ptr failure;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    threads.emplace_back([&, index] {
      lines[index] = format(locale, static_cast<long>(index + 1) * 1234567);
      const std::regex word("([a-z]+)-([0-9]+)");
      std::smatch match;
      const std::string text = "item-" + std::to_string(index);
      lines[index] += std::regex_match(text, match, word) ? match[2].str() : "?";
    });
  }
  threads.emplace_back([&] {
    for (int version = 1; version <= 20; ++version) {
      auto next = std::make_shared<Config>(*holder.get());
      next->values["key" + std::to_string(version)] = version;
#ifdef RACE
      meeting.arrive();  // the counts of what both threads hold have ordered them until here
#endif
      holder.set(std::move(next));
    }
  });
  int seen = 0;
#ifdef RACE
  meeting.arrive();
  seen += read_config(holder.get()) > 100;
#else
  for (int count = 0; count < 20; ++count) {
    seen += read_config(holder.get()) > 100;
  }
#endif
  std::thread thrower([&] {
    try {
      throw std::runtime_error("far away");
    } catch (...) {
      failure = std::current_exception();
    }
  });
  thrower.join();
  for (auto& thread : threads) {
    thread.join();
  }
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    std::printf("%s%s%s %s %d %zu %d\n", lines[0].c_str(), lines[1].c_str(), lines[2].c_str(), error.what(), seen,
                holder.get()->values.size(), hand_over());
  }
}
