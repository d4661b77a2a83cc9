// SPDX-License-Identifier: Apache-2.0
// One row of the table of everything that runs: a goroutine or a thread, what it waits for and since when. Rows are
// embedded in descriptors that are recycled and never freed, so the table is a list that only grows: entering and
// leaving it costs a field, and a dump may walk it at any time.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "runtime/record/recorder.h"
#include "runtime/trace/event.h"
#include "runtime/wait/object.h"

namespace gordian::rt::wait {

enum class RowState : std::uint8_t { vacant, runnable, running, waiting };

inline constexpr std::size_t kNameBytes = 32;

// A place in the program: a recorded frame if the code is instrumented, otherwise a return address.
struct CodePoint {
  const std::uint32_t* function = nullptr;
  std::uint32_t call_site = 0;
  std::uintptr_t pc = 0;
};

// What an actor is about to wait for. Lives on the waiting actor's stack until it runs again.
struct WaitTarget {
  const Object* object = nullptr;
  bool sends = false;
};

struct Row {
  record::Actor* actor = nullptr;  // a goroutine's is part of its descriptor, a thread's belongs to the recorder
  std::atomic<RowState> state{RowState::vacant};
  bool is_thread = false;
  trace::WaitReason reason = trace::WaitReason::none;
  std::span<const WaitTarget> targets{};  // while waiting
  const void* outside = nullptr;          // while waiting in the C library: the lock or the like, if it is known
  std::uint64_t since_ns = 0;             // CLOCK_MONOTONIC_COARSE at the start of the wait
  ActorId creator{};
  CodePoint created_at{};
  char name[kNameBytes] = {};
  Row* next_in_table = nullptr;
  Row* next_joining = nullptr;              // guarded by the lock of joins, as are:
  ActorId joining{};                        // the thread that it waits for in a join; 0: none, or that one has ended
  bool asleep_in_join = false;              // counted asleep for that: only once the other thread is known to run
  std::atomic<std::uint32_t> wake_word{0};  // threads only: the futex they park on
};

}  // namespace gordian::rt::wait
