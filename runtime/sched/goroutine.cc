// SPDX-License-Identifier: Apache-2.0
// Descriptors in slabs, and where closures lie. The word before a closure names its goroutine.
#include "runtime/sched/goroutine.h"

#include <cstdlib>
#include <new>

#include "runtime/base/bits.h"
#include "runtime/base/check.h"
#include "runtime/record/spin_lock.h"
#include "runtime/sched/lookout.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sched {

namespace {

constexpr std::size_t kSlab = 64;
constexpr std::uint32_t kMaxCached = 256;

record::SpinLock g_lock;  // guards the list
Goroutine* g_free = nullptr;

// The first one is made at the first go statement: from then on somebody looks out.
Goroutine* make_slab() noexcept {
  start_lookout();
  const record::Internal internal;
  auto* const slab = new (std::nothrow) Goroutine[kSlab];
  GORDIAN_CHECK(slab != nullptr);
  for (std::size_t i = 0; i < kSlab; ++i) {
    slab[i].actor = &slab[i].own_actor;
    slab[i].next = i + 1 < kSlab ? &slab[i + 1] : nullptr;
    wait::add_row(&slab[i]);
  }
  return slab;
}

Goroutine*& owner_word(void* closure) noexcept { return static_cast<Goroutine**>(closure)[-1]; }

}  // namespace

void forget_shared_descriptors() noexcept {
  g_lock.forget_owner();
  g_free = nullptr;
}

Goroutine* take_descriptor(DescriptorCache& cache) noexcept {
  if (cache.head == nullptr) {
    g_lock.lock();
    cache.head = g_free;
    g_free = nullptr;
    g_lock.unlock();
    cache.count = 0;  // a lower bound: the list is as long as it is
    if (cache.head == nullptr) {
      cache.head = make_slab();
    }
  }
  Goroutine* const goroutine = cache.head;
  cache.head = goroutine->next;
  cache.count -= cache.count > 0 ? 1 : 0;
  goroutine->next = nullptr;
  return goroutine;
}

void give_descriptor(DescriptorCache& cache, Goroutine* goroutine) noexcept {
  if (cache.count < kMaxCached) {
    goroutine->next = cache.head;
    cache.head = goroutine;
    ++cache.count;
    return;
  }
  g_lock.lock();
  goroutine->next = g_free;
  g_free = goroutine;
  g_lock.unlock();
}

void* reserve_closure(Goroutine* goroutine, std::size_t bytes, std::size_t alignment) noexcept {
  void* at = goroutine->inline_closure;
  goroutine->heap_closure = nullptr;
  if (bytes > kInlineClosureBytes || alignment > 16) {
    const record::Internal internal;
    const std::size_t before = align_up(sizeof(Goroutine*), alignment < 16 ? 16 : alignment);
    goroutine->heap_closure =
        std::aligned_alloc(alignment < 16 ? 16 : alignment, align_up(before + bytes, alignment < 16 ? 16 : alignment));
    GORDIAN_CHECK(goroutine->heap_closure != nullptr);
    at = static_cast<unsigned char*>(goroutine->heap_closure) + before;
  }
  owner_word(at) = goroutine;
  goroutine->closure = at;
  // The memory changes hands: what the last closure's goroutine did with it is over.
  record::alloc(reinterpret_cast<std::uintptr_t>(at), bytes, trace::MemoryKind::heap);
  goroutine->closure_bytes = bytes;
  return at;
}

Goroutine* owner_of_closure(void* closure) noexcept { return owner_word(closure); }

void release_closure(Goroutine* goroutine) noexcept {
  if (goroutine->closure == nullptr) {
    return;
  }
  record::free(reinterpret_cast<std::uintptr_t>(goroutine->closure), goroutine->closure_bytes, trace::MemoryKind::heap);
  goroutine->closure = nullptr;
  if (goroutine->heap_closure != nullptr) {
    const record::Internal internal;
    std::free(goroutine->heap_closure);
    goroutine->heap_closure = nullptr;
  }
}

}  // namespace gordian::rt::sched
