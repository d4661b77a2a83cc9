// SPDX-License-Identifier: Apache-2.0
// pthread barriers. A thread that leaves is ordered after all that arrived, also in later rounds: which round lets it
// go cannot be told apart, so some pairs are ordered that need not be. The order is kept at the address, as with
// atomics, because a barrier may be destroyed while the others are still on their way out.
#include <pthread.h>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"
#include "runtime/intercept/waiting.h"

namespace gordian::rt::intercept {

namespace {

using Barrier = pthread_barrier_t;
constexpr auto kKind = trace::ObjectKind::barrier;

constinit Next<int(Barrier*, const pthread_barrierattr_t*, unsigned)> g_init{"pthread_barrier_init"};
constinit Next<int(Barrier*)> g_destroy{"pthread_barrier_destroy"};
constinit Next<int(Barrier*)> g_wait{"pthread_barrier_wait"};

bool is_shared(const pthread_barrierattr_t* attributes) noexcept {
  int shared = PTHREAD_PROCESS_PRIVATE;
  return attributes != nullptr && pthread_barrierattr_getpshared(attributes, &shared) == 0 &&
         shared == PTHREAD_PROCESS_SHARED;
}

// Returns what a Block names.
std::uint64_t arrive(Barrier* barrier) noexcept {
  note_added_release(barrier);
  LockEntry* entry = recorded_lock(barrier);
  if (entry == nullptr || !record::is_introduced(entry->id)) {  // its making was not seen
    return 0;
  }
  note_permit_given(*entry, kKind);
  return id_for_wait(*entry, kKind);
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                          unsigned count) noexcept {
  const int result = g_init(barrier, attributes, count);
  if (result == 0) {
    note_begin(barrier, kKind, count, is_shared(attributes));
  }
  return result;
}
GORDIAN_REPLACES int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  if (LockEntry* entry = recorded_lock(barrier)) {
    note_end(*entry);
  }
  return g_destroy(barrier);
}

GORDIAN_REPLACES int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  int result = 0;
  {
    const Waiting waiting(gordian::trace::WaitReason::barrier, arrive(barrier), barrier);
    result = g_wait(barrier);
  }
  note_acquire(barrier);
  return result;
}
