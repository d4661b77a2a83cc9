// SPDX-License-Identifier: Apache-2.0
// Arenas of stacks, and the list of free ones that the workers share.
#include "runtime/sched/stack.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <atomic>
#include <new>

#include "runtime/base/bits.h"
#include "runtime/base/check.h"
#include "runtime/record/own_memory.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/record/spin_lock.h"

namespace gordian::rt::sched {

namespace {

// relaxed throughout: whoever sees the old value asks the kernel once more.
std::atomic<bool> g_have_guard_install{true};

constexpr std::size_t kGuardBytes = 4096;
constexpr std::size_t kStacksPerArena = 1024;
constexpr std::size_t kStacksPerSmallArena = 16;  // where address space is limited, it is the program's
constexpr std::uint32_t kMaxCached = 64;
constexpr int kMadvGuardInstall = 102;  // MADV_GUARD_INSTALL, newer than the C library's headers

record::SpinLock g_lock;  // guards what follows
Stack* g_free = nullptr;
std::uintptr_t g_fresh = 0;  // next stack that was never used, and its shadow
std::uintptr_t g_fresh_shadow = 0;
std::size_t g_fresh_left = 0;

void* reserve(std::size_t bytes) noexcept {
  void* const at = record::map_own(bytes);
  GORDIAN_CHECK(at != MAP_FAILED);
  madvise(at, bytes, MADV_NOHUGEPAGE);  // or a parked goroutine would cost 64 KiB and more; advice may fail
  return at;
}

void guard(std::uintptr_t low) noexcept {
  void* const page = reinterpret_cast<void*>(low);
  if (g_have_guard_install.load(std::memory_order_relaxed) && madvise(page, kGuardBytes, kMadvGuardInstall) == 0) {
    return;
  }
  g_have_guard_install.store(false, std::memory_order_relaxed);
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
  rlimit limit{};
  const bool is_limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  const std::size_t stacks = is_limited ? kStacksPerSmallArena : kStacksPerArena;
  g_fresh = reinterpret_cast<std::uintptr_t>(reserve(stacks * kDefaultStackBytes));
  g_fresh_shadow = reinterpret_cast<std::uintptr_t>(reserve(stacks * kShadow));
  g_fresh_left = stacks;
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
    record::unmap_own(stack->mapping, stack->mapping_bytes);
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

bool in_guard_of(const Stack& stack, std::uintptr_t address) noexcept {
  return address < stack.low && address >= stack.low - kGuardBytes;
}

void use_old_guards() noexcept { g_have_guard_install.store(false, std::memory_order_relaxed); }

void forget_shared_stacks() noexcept {
  g_lock.forget_owner();
  g_free = nullptr;
  g_fresh_left = 0;
}

}  // namespace gordian::rt::sched
