// SPDX-License-Identifier: Apache-2.0
// The go statement: a descriptor with the closure inside, queued. No stack yet.
#include "runtime/sched/spawn.h"

#include <atomic>

#include "runtime/record/spin_lock.h"
#include "runtime/sched/idle.h"
#include "runtime/wait/stack_trace.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sched {

namespace {

record::SpinLock g_foreign_lock;  // guards the cache of plain threads
DescriptorCache g_foreign_cache;
std::atomic<std::uint64_t> g_foreign_spawns{0};

Goroutine* new_descriptor() noexcept {
  if (Worker* const worker = current_worker()) {
    return take_descriptor(worker->descriptors);
  }
  g_foreign_lock.lock();
  Goroutine* const goroutine = take_descriptor(g_foreign_cache);
  g_foreign_lock.unlock();
  return goroutine;
}

void prepare(Goroutine* child, void (*entry)(void*), std::size_t stack_bytes) noexcept {
  child->own_actor = record::Actor{.id = record::new_actor_id()};
  child->entry = entry;
  child->stack_bytes = stack_bytes;
  child->context = nullptr;
  child->ended = false;
  child->on_cpu.store(false, std::memory_order_relaxed);  // relaxed: published by the queue
  child->name[0] = '\0';
}

void enqueue(Goroutine* goroutine) noexcept {
  if (Worker* const worker = current_worker()) {
    // relaxed: one writer, readers only count.
    worker->spawned.store(worker->spawned.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    push_local(worker, goroutine);
  } else {
    g_foreign_spawns.fetch_add(1, std::memory_order_relaxed);  // relaxed: a count
    global_queue().push(goroutine);
  }
  work_appeared();
}

}  // namespace

std::uint64_t foreign_spawns() noexcept {
  return g_foreign_spawns.load(std::memory_order_relaxed);
}  // relaxed: a count

// relaxed: one thread is left.
void forget_foreign_spawns() noexcept {
  g_foreign_lock.forget_owner();
  g_foreign_cache = {};
  g_foreign_spawns.store(0, std::memory_order_relaxed);
}

void* begin_spawn(std::size_t bytes, std::size_t alignment) noexcept {
  wait::self();  // a thread nobody announced becomes an actor now
  return reserve_closure(new_descriptor(), bytes, alignment);
}

void cancel_spawn(void* closure) noexcept {
  Goroutine* const goroutine = owner_of_closure(closure);
  release_closure(goroutine);
  g_foreign_lock.lock();
  give_descriptor(g_foreign_cache, goroutine);
  g_foreign_lock.unlock();
}

void commit_spawn(void* closure, void (*entry)(void*), std::size_t stack_bytes, const void* caller) noexcept {
  Goroutine* const child = owner_of_closure(closure);
  wait::Row& parent = wait::self();
  prepare(child, entry, stack_bytes);
  child->creator = parent.actor->id;
  child->created_at = wait::current_point(caller);
  // release: pairs with the acquire of a dump.
  child->state.store(wait::RowState::runnable, std::memory_order_release);
  record::emit(trace::Go{.child = child->own_actor.id.value, .ordinal = ++parent.actor->children});
  enqueue(child);
}

ClockSpawn begin_clock_spawn(void (*entry)(void*), void* argument, ActorId creator,
                             const wait::CodePoint& created_at) noexcept {
  void* const closure = reserve_closure(new_descriptor(), sizeof(argument), alignof(void*));
  *static_cast<void**>(closure) = argument;
  Goroutine* const child = owner_of_closure(closure);
  prepare(child, entry, 0);
  child->creator = creator;
  child->created_at = created_at;
  return {closure, child->own_actor.id};
}

void commit_clock_spawn(const ClockSpawn& spawn) noexcept {
  Goroutine* const child = owner_of_closure(spawn.closure);
  // release: pairs with the acquire of a dump.
  child->state.store(wait::RowState::runnable, std::memory_order_release);
  enqueue(child);
}

}  // namespace gordian::rt::sched
