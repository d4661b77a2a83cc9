// SPDX-License-Identifier: Apache-2.0
// The descriptor of a goroutine: small, recycled, never freed (it is a row of the table). It holds the closure until
// the first run, when a stack is bound; so spawning touches no stack.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/sched/context.h"
#include "runtime/sched/stack.h"
#include "runtime/wait/row.h"

namespace gordian::rt::sched {

// libstdc++'s and libc++'s __cxa_eh_globals: the exceptions being handled, how many are in flight. Itanium C++
// ABI, 2.2.2.
struct EhGlobals {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

inline constexpr std::size_t kInlineClosureBytes = 64;

struct Goroutine : wait::Row {
  record::Actor own_actor{};
  Context context = nullptr;  // where to go on; null: never ran
  // Still running on some worker's CPU although it may be queued already: whoever wants to run it waits. Set before a
  // jump to it, cleared by the next context (release), awaited before the next jump (acquire).
  std::atomic<bool> on_cpu{false};
  bool pinned = false;  // main: runs on worker 0, but see lookout.h [L2]
  bool ended = false;
  int saved_errno = 0;
  EhGlobals saved_eh{};
  Stack* stack = nullptr;
  std::size_t stack_bytes = 0;
  Goroutine* next = nullptr;  // in the global list or a free list
  void (*entry)(void*) = nullptr;
  void* closure = nullptr;
  void* heap_closure = nullptr;  // its allocation, if it did not fit
  std::size_t closure_bytes = 0;
  alignas(16) unsigned char before_closure[16] = {};  // its last word: the owner
  alignas(16) unsigned char inline_closure[kInlineClosureBytes];
};

struct DescriptorCache {
  Goroutine* head = nullptr;
  std::uint32_t count = 0;
};

// A vacant descriptor from the cache or from everybody's list.
Goroutine* take_descriptor(DescriptorCache& cache) noexcept;
void give_descriptor(DescriptorCache& cache, Goroutine* goroutine) noexcept;
void forget_shared_descriptors() noexcept;  // in the child of a fork

// Storage for a closure; find_owner leads back from it.
void* reserve_closure(Goroutine* goroutine, std::size_t bytes, std::size_t alignment) noexcept;
Goroutine* owner_of_closure(void* closure) noexcept;
void release_closure(Goroutine* goroutine) noexcept;

}  // namespace gordian::rt::sched
