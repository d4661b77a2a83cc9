// SPDX-License-Identifier: Apache-2.0
// A worker's queue: a ring of 256 that its owner fills and anybody empties, and a run-next slot for whom the running
// goroutine just woke. After Go's runqput / runqget / runqgrab (runtime/proc.go).
//
// [R1] Only the owner advances tail_; head_ is advanced by compare-exchange, by the owner and by thieves.
// [R2] A slot is written before the release store of tail_ that covers it, and read before the compare-exchange of
//      head_ that frees it; a reader whose compare-exchange fails discards what it read.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "runtime/record/spin_lock.h"
#include "runtime/sched/goroutine.h"

namespace gordian::rt::sched {

class RunQueue {
 public:
  static constexpr std::uint32_t kCapacity = 256;

  // Owner only. False if it is full.
  bool push(Goroutine* goroutine) noexcept {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);  // relaxed: the owner wrote it [R1]
    // acquire: pairs with the release of take(): freed slots have been read [R2].
    if (tail - head_.load(std::memory_order_acquire) == kCapacity) {
      return false;
    }
    slots_[tail % kCapacity].store(goroutine, std::memory_order_relaxed);  // relaxed: published by tail_ [R2]
    tail_.store(tail + 1, std::memory_order_release);  // pairs with the acquire in size() and take()
    return true;
  }

  // Anybody: the oldest one, or null.
  Goroutine* pop() noexcept {
    Goroutine* one = nullptr;
    return take(&one, 1, false) == 1 ? one : nullptr;  // a lost race leaves its guess in `one` [R2]
  }

  // A thief: half of what is there, at most `room`, oldest first.
  std::uint32_t steal_half(Goroutine** out, std::uint32_t room) noexcept { return take(out, room, true); }

  [[nodiscard]] std::uint32_t size() const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_acquire);  // pairs with the release in take()
    return tail_.load(std::memory_order_acquire) - head;               // pairs with the release in push()
  }

 private:
  std::uint32_t take(Goroutine** out, std::uint32_t room, bool half) noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);  // pairs with the release below
    for (;;) {
      const std::uint32_t size = tail_.load(std::memory_order_acquire) - head;  // pairs with the release in push()
      if (size > kCapacity) {
        head = head_.load(std::memory_order_acquire);  // head and tail were read too far apart
        continue;
      }
      std::uint32_t count = half ? size - size / 2 : size;
      count = count < room ? count : room;
      if (count == 0) {
        return 0;
      }
      for (std::uint32_t i = 0; i < count; ++i) {
        out[i] = slots_[(head + i) % kCapacity].load(std::memory_order_relaxed);  // relaxed: ordered by tail_ [R2]
      }
      // release: pairs with the acquire in push(), the slots have been read; acquire on failure: as above [R2].
      if (head_.compare_exchange_weak(head, head + count, std::memory_order_acq_rel, std::memory_order_acquire)) {
        return count;
      }
    }
  }

  alignas(64) std::atomic<std::uint32_t> head_{0};
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  std::array<std::atomic<Goroutine*>, kCapacity> slots_{};
};

// A FIFO under a lock for what overflows, comes from plain threads, or leaves a benched worker.
class GlobalQueue {
 public:
  void push(Goroutine* goroutine) noexcept;
  Goroutine* pop() noexcept;
  void forget() noexcept;  // in the child of a fork
  // relaxed: a hint; the idle side looks again under a barrier.
  [[nodiscard]] std::uint32_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t> size_{0};
  record::SpinLock lock_;
  Goroutine* head_ = nullptr;
  Goroutine* tail_ = nullptr;
};

}  // namespace gordian::rt::sched
