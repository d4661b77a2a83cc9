// SPDX-License-Identifier: Apache-2.0
// One call at a time for each key: who asks while another one is at it waits and shares the result. Source:
// golang.org/x/sync/singleflight.
//
//   gordian::SingleFlight<std::string, Page> flights;
//   const auto [page, shared] = flights.call(url, [&] { return download(url); });
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "gordian/chan.h"
#include "gordian/go.h"
#include "gordian/sync.h"

namespace gordian {

template <class K, class V>
class SingleFlight {
 public:
  struct Result {
    V value;
    bool shared = false;  // given to more than one caller
  };

  SingleFlight() = default;
  SingleFlight(const SingleFlight&) = delete;
  SingleFlight& operator=(const SingleFlight&) = delete;

  // Go's Do: calls make() unless a call for this key is under way; then blocks until that one is done. Everybody gets a
  // copy of the result, or throws what make() threw. Records as Mutex and WaitGroup do.
  template <class F>
  Result call(const K& key, F&& make) {
    const auto [flight, is_mine] = join(key);
    if (is_mine) {
      fly(key, *flight, std::forward<F>(make));
    } else {
      flight->landed.wait();
    }
    if (flight->thrown != nullptr) {
      std::rethrow_exception(flight->thrown);
    }
    return {*flight->value, is_shared(*flight)};
  }
  // Go's DoChan: the same in a goroutine; the channel receives the result and is never closed. What make() throws ends
  // the program there.
  template <class F>
  [[nodiscard]] RecvChan<Result> call_chan(const K& key, F&& make) {
    const auto results = make_chan<Result>(1);
    go([this, key, results, f = std::decay_t<F>(std::forward<F>(make))]() mutable { results.send(call(key, f)); });
    return results;
  }
  // The next call for this key makes a new one, even if one is under way.
  void forget(const K& key) {
    const std::scoped_lock guard(lock_);
    flights_.erase(key);
  }

 private:
  struct Flight {
    WaitGroup landed;
    std::optional<V> value;
    std::exception_ptr thrown;
    bool shared = false;  // guarded by the lock
  };
  using FlightRef = std::shared_ptr<Flight>;

  std::pair<FlightRef, bool> join(const K& key) {
    const std::scoped_lock guard(lock_);
    FlightRef& known = flights_[key];
    if (known != nullptr) {
      known->shared = true;
      return {known, false};
    }
    known = std::make_shared<Flight>();
    known->landed.add(1);
    return {known, true};
  }
  template <class F>
  void fly(const K& key, Flight& flight, F&& make) {
    try {
      flight.value.emplace(std::forward<F>(make)());
    } catch (...) {
      flight.thrown = std::current_exception();
    }
    {
      const std::scoped_lock guard(lock_);
      const auto at = flights_.find(key);
      if (at != flights_.end() && at->second.get() == &flight) {  // not forgotten
        flights_.erase(at);
      }
    }
    flight.landed.done();
  }
  bool is_shared(const Flight& flight) {
    const std::scoped_lock guard(lock_);
    return flight.shared;
  }

  Mutex lock_;
  std::unordered_map<K, FlightRef> flights_;
};

}  // namespace gordian
