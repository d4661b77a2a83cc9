// SPDX-License-Identifier: Apache-2.0
// Which actor is behind a pthread_t. The C library reuses the values, so an entry is replaced, never removed, and the
// table needs room only for the values that ever existed. Lock-free: it stays usable in the child of a fork.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/base/ids.h"

namespace gordian::rt::intercept {

class ThreadTable {
 public:
  // If the table is full, joins of that thread order nothing.
  void put(pthread_t thread, ActorId actor) noexcept {
    if (Entry* entry = find(thread, true)) {
      // release: pairs with the acquire in get(). The creator writes it before anyone can have the pthread_t.
      entry->actor.store(actor.value, std::memory_order_release);
    }
  }
  ActorId get(pthread_t thread) noexcept {
    const Entry* entry = find(thread, false);
    // acquire: pairs with the release in put(); who finds the actor has the creator's ThreadCreate behind it.
    return ActorId(entry == nullptr ? 0 : entry->actor.load(std::memory_order_acquire));
  }

 private:
  static constexpr std::size_t kEntries = std::size_t{1} << 16;
  struct Entry {
    std::atomic<pthread_t> thread{0};
    std::atomic<std::uint64_t> actor{0};
  };

  Entry* find(pthread_t thread, bool insert) noexcept {
    std::size_t index = (thread >> 12) * 0x9e3779b97f4a7c15u >> 48;
    for (std::size_t probe = 0; probe < kEntries; ++probe, index = (index + 1) % kEntries) {
      Entry& entry = entries_[index];
      // relaxed, both: keys are never taken back; what belongs to one is published through `actor`, whose release and
      // acquire stand in put() and get().
      pthread_t key = entry.thread.load(std::memory_order_relaxed);
      if (key == 0 && insert && entry.thread.compare_exchange_strong(key, thread, std::memory_order_relaxed)) {
        return &entry;
      }
      if (key == thread) {
        return &entry;
      }
      if (key == 0) {
        return nullptr;
      }
    }
    return nullptr;
  }

  Entry entries_[kEntries];
};

}  // namespace gordian::rt::intercept
