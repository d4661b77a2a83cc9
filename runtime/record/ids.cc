// SPDX-License-Identifier: Apache-2.0
// Fresh ids in batches per thread, as Go gives goroutine ids: 16 at a time, so that creating is local and ids stay
// small enough to read. Main asks first and is 1. Given whether or not anything is recorded: messages name goroutines
// too.
#include <atomic>

#include "runtime/record/recorder.h"
#include "runtime/record/restart.h"
#include "runtime/record/thread_state.h"

namespace gordian::rt::record {

std::uint64_t g_inherited_objects = 0;

namespace {

constexpr std::uint64_t kActorBatch = 16;
constexpr std::uint64_t kObjectBatch = 64;

std::atomic<std::uint64_t> g_actor_ids{1};  // the last one given; 1 is main
std::atomic<std::uint64_t> g_object_ids{0};

std::uint64_t next(IdBatch& batch, std::atomic<std::uint64_t>& source, std::uint64_t size) noexcept {
  if (batch.next == batch.end) {
    // relaxed: only uniqueness matters; who learns an id learns it through other synchronisation.
    batch.next = source.fetch_add(size, std::memory_order_relaxed);
    batch.end = batch.next + size;
  }
  return ++batch.next;
}

}  // namespace

ActorId new_actor_id() noexcept { return ActorId(next(t_state.actor_ids, g_actor_ids, kActorBatch)); }
ObjectId new_object_id() noexcept { return ObjectId(next(t_state.object_ids, g_object_ids, kObjectBatch)); }

// relaxed: one thread is left.
void inherit_objects() noexcept { g_inherited_objects = g_object_ids.load(std::memory_order_relaxed); }

}  // namespace gordian::rt::record
