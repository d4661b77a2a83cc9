// SPDX-License-Identifier: Apache-2.0
// What every object that can be waited for carries inside: its identity in a recording, who holds it, who queues for
// it. Plain constant-initialised words; only the runtime looks at them.
#pragma once

#include <atomic>
#include <cstdint>

namespace gordian::detail {

struct Waiter;

struct ObjectState {
  std::atomic<std::uint64_t> id{0};      // given at the first recorded use
  std::atomic<std::uint64_t> holder{0};  // locks: the actor that locked it last; a hint for people
  const std::uint8_t kind;               // trace::ObjectKind
  std::uint8_t reserved[7] = {};

  constexpr explicit ObjectState(std::uint8_t object_kind) noexcept : kind(object_kind) {}
};

// A FIFO of parked actors, guarded by the object's spin lock.
struct WaitQueue {
  Waiter* head = nullptr;
  Waiter* tail = nullptr;
};

struct MutexState {
  std::atomic<std::uint32_t> word{0};
  std::atomic<std::uint32_t> guard{0};
  std::uint64_t ticket = 0;
  WaitQueue queue;
  ObjectState object{1};
};

struct RWMutexState {
  std::atomic<std::uint32_t> guard{0};
  bool writer = false;
  std::uint32_t readers = 0;
  std::uint64_t ticket = 0;
  WaitQueue write_queue;
  WaitQueue read_queue;
  ObjectState object{2};
};

struct WaitGroupState {
  std::atomic<std::uint32_t> guard{0};
  std::int32_t reserved = 0;
  std::int64_t value = 0;
  std::uint64_t ticket = 0;
  WaitQueue queue;
  ObjectState object{4};
};

struct OnceState {
  std::atomic<std::uint32_t> phase{0};
  std::atomic<std::uint32_t> guard{0};
  std::uint64_t ticket = 0;
  WaitQueue queue;
  ObjectState object{5};
};

// Who waits on a Cond, or is about to; lives on his stack.
struct CondWaiter {
  CondWaiter* next = nullptr;
  void* row = nullptr;       // set when he parks
  std::uint64_t signal = 0;  // ticket of what ended the wait
  bool notified = false;
};

struct CondState {
  std::atomic<std::uint32_t> guard{0};
  std::uint32_t reserved = 0;
  std::uint64_t ticket = 0;
  std::uint64_t waiting = 0;  // length of the list
  CondWaiter* head = nullptr;
  CondWaiter* tail = nullptr;
  ObjectState object{6};
};

struct SemaphoreState {
  std::atomic<std::uint32_t> guard{0};
  std::uint32_t reserved = 0;
  std::uint64_t size = 0;
  std::uint64_t given = 0;
  std::uint64_t ticket = 0;
  WaitQueue queue{};
  ObjectState object{8};
};

}  // namespace gordian::detail
