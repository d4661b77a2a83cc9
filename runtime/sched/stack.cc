// SPDX-License-Identifier: Apache-2.0
// Arenas of stacks, and the list of free ones that the workers share.
#include "runtime/sched/stack.h"

#include <sys/mman.h>

#include <atomic>
#include <new>

#include "runtime/base/bits.h"
#include "runtime/base/check.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/record/spin_lock.h"

namespace gordian::rt::sched {

namespace {

constexpr std::size_t kGuardBytes = 4096;
constexpr std::size_t kStacksPerArena = 1024;
constexpr std::uint32_t kMaxCached = 64;
constexpr int kMadvGuardInstall = 102;  // MADV_GUARD_INSTALL, newer than the C library's headers
constexpr std::size_t kMaxArenas = 4096;

struct Arena {
  std::atomic<std::uintptr_t> base{0};
};
Arena g_arenas[kMaxArenas];
std::atomic<std::size_t> g_arena_count{0};

record::SpinLock g_lock;  // guards what follows
Stack* g_free = nullptr;
std::uintptr_t g_fresh = 0;  // next stack that was never used, and its shadow
std::uintptr_t g_fresh_shadow = 0;
std::size_t g_fresh_left = 0;
bool g_have_guard_install = true;

void* reserve(std::size_t bytes) noexcept {
  void* const at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  GORDIAN_CHECK(at != MAP_FAILED);
  madvise(at, bytes, MADV_NOHUGEPAGE);  // or a parked goroutine would cost 64 KiB and more; advice may fail
  return at;
}

void guard(std::uintptr_t low) noexcept {
  void* const page = reinterpret_cast<void*>(low);
  if (g_have_guard_install && madvise(page, kGuardBytes, kMadvGuardInstall) == 0) {
    return;
  }
  g_have_guard_install = false;
  // Failure: the limit of mappings is reached, this stack has no guard.
  static_cast<void>(mprotect(page, kGuardBytes, PROT_NONE));
}

// `base` is where the guard begins; the description lies at the other end.
Stack* describe(std::uintptr_t base, std::size_t bytes, std::uintptr_t shadow) noexcept {
  guard(base);
  auto* const stack = new (reinterpret_cast<void*>(base + bytes - sizeof(Stack))) Stack;
  stack->low = base + kGuardBytes;
  stack->frames = reinterpret_cast<gordian_rt_frame*>(shadow);
  return stack;
}

void open_arena() noexcept {
  constexpr std::size_t kShadow = record::shadow_bytes(kDefaultStackBytes);
  g_fresh = reinterpret_cast<std::uintptr_t>(reserve(kStacksPerArena * kDefaultStackBytes));
  g_fresh_shadow = reinterpret_cast<std::uintptr_t>(reserve(kStacksPerArena * kShadow));
  g_fresh_left = kStacksPerArena;
  const std::size_t index = g_arena_count.load(std::memory_order_relaxed);  // relaxed: written under the lock only
  if (index < kMaxArenas) {
    g_arenas[index].base.store(g_fresh, std::memory_order_relaxed);  // relaxed: published by the count
    // release: pairs with the acquire in in_stack_guard().
    g_arena_count.store(index + 1, std::memory_order_release);
  }
}

Stack* take_shared() noexcept {
  g_lock.lock();
  Stack* stack = g_free;
  if (stack != nullptr) {
    g_free = stack->next;
  } else {
    if (g_fresh_left == 0) {
      open_arena();
    }
    stack = describe(g_fresh, kDefaultStackBytes, g_fresh_shadow);
    g_fresh += kDefaultStackBytes;
    g_fresh_shadow += record::shadow_bytes(kDefaultStackBytes);
    --g_fresh_left;
  }
  g_lock.unlock();
  return stack;
}

Stack* map_own(std::size_t bytes) noexcept {
  const std::size_t machine = align_up(bytes, kGuardBytes) + 2 * kGuardBytes;  // the guard and the description
  const std::size_t whole = machine + record::shadow_bytes(machine);
  void* const mapping = reserve(whole);
  const auto base = reinterpret_cast<std::uintptr_t>(mapping);
  Stack* const stack = describe(base, machine, base + machine);
  stack->mapping = mapping;
  stack->mapping_bytes = whole;
  return stack;
}

}  // namespace

Stack* take_stack(StackCache& cache, std::size_t bytes) noexcept {
  if (bytes > kDefaultStackBytes) {
    return map_own(bytes);
  }
  Stack* const stack = cache.head;
  if (stack == nullptr) {
    return take_shared();
  }
  cache.head = stack->next;
  --cache.count;
  return stack;
}

void give_stack(StackCache& cache, Stack* stack) noexcept {
  if (stack->mapping != nullptr) {
    munmap(stack->mapping, stack->mapping_bytes);
    return;
  }
  if (cache.count < kMaxCached) {
    stack->next = cache.head;
    cache.head = stack;
    ++cache.count;
    return;
  }
  g_lock.lock();
  stack->next = g_free;
  g_free = stack;
  g_lock.unlock();
}

bool in_stack_guard(std::uintptr_t address) noexcept {
  const std::size_t arenas = g_arena_count.load(std::memory_order_acquire);  // pairs with the release in open_arena()
  for (std::size_t i = 0; i < arenas; ++i) {
    const std::uintptr_t base = g_arenas[i].base.load(std::memory_order_relaxed);  // relaxed: ordered by the count
    if (address >= base && address < base + kStacksPerArena * kDefaultStackBytes) {
      return (address - base) % kDefaultStackBytes < kGuardBytes;
    }
  }
  return false;
}

}  // namespace gordian::rt::sched
