// SPDX-License-Identifier: Apache-2.0
// A map that any number of goroutines may use at once. Readers do not wait for each other. Values are returned as
// copies. Source: package sync (go1.23), Map. As there, the lock inside orders more than the memory model promises:
// every write before every later read, whatever the key.
//
//   gordian::SyncMap<std::string, int> ages;
//   ages.store("ann", 41);
//   if (std::optional<int> age = ages.load("ann")) use(*age);
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gordian/sync.h"

namespace gordian {

// Every function may block for a short time on the lock inside and records its Lock and Unlock. Hash and equality run
// under it. Throws what copying keys and values throws.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
class SyncMap {
 public:
  SyncMap() = default;
  SyncMap(const SyncMap&) = delete;
  SyncMap& operator=(const SyncMap&) = delete;

  [[nodiscard]] std::optional<V> load(const K& key) const {
    const std::shared_lock guard(lock_);
    return found(map_.find(key));
  }
  void store(K key, V value) {
    const std::scoped_lock guard(lock_);
    map_.insert_or_assign(std::move(key), std::move(value));
  }
  // The value that is there (true), or the given one, which is stored (false).
  std::pair<V, bool> load_or_store(K key, V value) {
    const std::scoped_lock guard(lock_);
    const auto [at, is_new] = map_.try_emplace(std::move(key), std::move(value));
    return {at->second, !is_new};
  }
  // Removes the key and returns what was there.
  std::optional<V> load_and_delete(const K& key) {
    const std::scoped_lock guard(lock_);
    const auto at = map_.find(key);
    std::optional<V> value = found(at);
    if (at != map_.end()) {
      map_.erase(at);
    }
    return value;
  }
  void erase(const K& key) {
    const std::scoped_lock guard(lock_);
    map_.erase(key);
  }
  // Stores and returns what was there before.
  std::optional<V> swap(K key, V value) {
    const std::scoped_lock guard(lock_);
    const auto [at, is_new] = map_.try_emplace(std::move(key), std::move(value));
    return is_new ? std::nullopt : std::optional<V>(std::exchange(at->second, std::move(value)));
  }
  // Stores `wanted` if the key is there with a value equal to `expected`. True if it did.
  bool compare_and_swap(const K& key, const V& expected, V wanted) {
    const std::scoped_lock guard(lock_);
    const auto at = map_.find(key);
    if (at == map_.end() || !(at->second == expected)) {
      return false;
    }
    at->second = std::move(wanted);
    return true;
  }
  // Removes the key if its value equals `expected`. True if it did.
  bool compare_and_delete(const K& key, const V& expected) {
    const std::scoped_lock guard(lock_);
    const auto at = map_.find(key);
    if (at == map_.end() || !(at->second == expected)) {
      return false;
    }
    map_.erase(at);
    return true;
  }
  void clear() {
    const std::scoped_lock guard(lock_);
    map_.clear();
  }
  // Calls f(key, value) for each entry until it returns false. Works on a copy: f may use the map, and sees nothing of
  // what changes meanwhile.
  template <class F>
  void range(F&& f) const {
    for (const auto& [key, value] : copy()) {
      if (!f(key, value)) {
        return;
      }
    }
  }

 private:
  using Map = std::unordered_map<K, V, Hash, Equal>;

  [[nodiscard]] std::optional<V> found(typename Map::const_iterator at) const {
    return at == map_.end() ? std::nullopt : std::optional<V>(at->second);
  }
  [[nodiscard]] std::vector<std::pair<K, V>> copy() const {
    const std::shared_lock guard(lock_);
    return {map_.begin(), map_.end()};
  }

  mutable RWMutex lock_;
  Map map_;
};

}  // namespace gordian
