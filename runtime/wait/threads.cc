// SPDX-License-Identifier: Apache-2.0
// Plain threads in the table. Their rows come from a free list; a thread nobody announced leaves through a pthread key.
#include "runtime/wait/threads.h"

#include <pthread.h>

#include <new>

#include "runtime/base/check.h"
#include "runtime/record/spin_lock.h"
#include "runtime/wait/all_asleep.h"
#include "runtime/wait/table.h"

namespace gordian::rt::wait {

namespace {

// Guarded by the lock: vacant rows, linked through `targets`' storage being unused; a plain vector of pointers would
// allocate.
struct ThreadRow : Row {
  ThreadRow* next_free = nullptr;
  ThreadRow* next_thread = nullptr;
};
record::SpinLock g_free_lock;
ThreadRow* g_free = nullptr;
ThreadRow* g_thread_rows = nullptr;  // all, guarded by the lock of joins
record::SpinLock g_join_lock;
Row* g_joining = nullptr;  // guarded by the lock of joins
void (*g_begin_outside)() noexcept = []() noexcept {};
void (*g_end_outside)() noexcept = []() noexcept {};
pthread_key_t g_key;
pthread_once_t g_key_once = PTHREAD_ONCE_INIT;

ThreadRow* take_row() noexcept {
  g_free_lock.lock();
  ThreadRow* row = g_free;
  if (row != nullptr) {
    g_free = row->next_free;
  }
  g_free_lock.unlock();
  if (row == nullptr) {
    row = new (std::nothrow) ThreadRow;
    GORDIAN_CHECK(row != nullptr);
    row->is_thread = true;
    g_join_lock.lock();
    row->next_thread = g_thread_rows;
    g_thread_rows = row;
    g_join_lock.unlock();
    add_row(row);
  }
  return row;
}

// The three below under the lock of joins.
bool is_running(ActorId thread) noexcept {
  for (const ThreadRow* row = g_thread_rows; row != nullptr; row = row->next_thread) {
    if (row->actor != nullptr && row->actor->id == thread) {
      return true;
    }
  }
  return false;
}

void unlink_joining(Row& row) noexcept {
  row.joining = ActorId{};
  for (Row** link = &g_joining; *link != nullptr; link = &(*link)->next_joining) {
    if (*link == &row) {
      *link = row.next_joining;
      return;
    }
  }
}

// A thread has a row now: those who wait for its end already are asleep. It is awake itself.
void settle_joining(ActorId thread) noexcept {
  for (Row* row = g_joining; row != nullptr; row = row->next_joining) {
    if (row->joining == thread && !row->asleep_in_join) {
      row->asleep_in_join = true;
      count_asleep();
    }
  }
}

// A thread ends: those who wait for that are as good as awake.
void release_joining(ActorId thread) noexcept {
  for (Row* row = g_joining; row != nullptr;) {
    Row* const next = row->next_joining;
    if (row->joining == thread) {
      if (row->asleep_in_join) {
        count_awake();
      }
      unlink_joining(*row);
    }
    row = next;
  }
}

void leave_unannounced(void*) noexcept { leave_thread(); }

void make_key() noexcept { GORDIAN_CHECK(pthread_key_create(&g_key, leave_unannounced) == 0); }

}  // namespace

void thread_will_start() noexcept { count_awake(); }
void thread_did_not_start() noexcept { count_asleep(); }

Row* enter_thread(record::Actor* actor, ActorId creator) noexcept {
  ThreadRow* const row = take_row();
  g_join_lock.lock();
  row->actor = actor;
  settle_joining(actor->id);
  g_join_lock.unlock();
  row->creator = creator;
  row->name[0] = '\0';
  row->created_at = {};
  row->wake_word.store(0, std::memory_order_relaxed);  // relaxed: nobody else knows the row's new owner yet
  // release: pairs with the acquire of a dump.
  row->state.store(RowState::running, std::memory_order_release);
  set_current_row(row);
  return row;
}

void leave_thread() noexcept {
  auto* const row = static_cast<ThreadRow*>(current_row());
  if (row == nullptr || !row->is_thread) {
    return;
  }
  set_current_row(nullptr);
  // release: pairs with the acquire of a dump.
  row->state.store(RowState::vacant, std::memory_order_release);
  g_join_lock.lock();
  release_joining(row->actor->id);
  row->actor = nullptr;
  g_join_lock.unlock();
  g_free_lock.lock();
  row->next_free = g_free;
  g_free = row;
  g_free_lock.unlock();
  count_asleep();
}

void forget_others() noexcept {
  forget_identification();
  g_free_lock.forget_owner();
  g_join_lock.forget_owner();
  g_free = nullptr;
  g_joining = nullptr;
  const Row* const own = current_row();
  for (Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    if (row != own) {
      row->state.store(RowState::vacant, std::memory_order_relaxed);  // relaxed: one thread is left
    }
  }
  for (ThreadRow* row = g_thread_rows; row != nullptr; row = row->next_thread) {
    row->actor = row == own ? row->actor : nullptr;
  }
  count_anew(own == nullptr ? 0 : 1, own == nullptr || own->actor->id != ActorId{1});
}

Row& adopt_thread() noexcept {
  record::Actor* actor = record::current_actor();
  if (actor == nullptr) {
    actor = record::start_own_thread(record::new_actor_id(), nullptr);
  }
  count_awake();
  Row* const row = enter_thread(actor, ActorId{});
  pthread_once(&g_key_once, make_key);
  pthread_setspecific(g_key, row);
  return *row;
}

void begin_join(ActorId target) noexcept {
  Row& row = self();
  begin_outside_wait(row, trace::WaitReason::thread_join, target.value, nullptr);
  if (!row.is_thread) {
    g_begin_outside();
  }
  g_join_lock.lock();
  const bool asleep = is_running(target);  // else it has ended, or its first steps will count us
  row.joining = target;
  row.asleep_in_join = asleep;
  row.next_joining = g_joining;
  g_joining = &row;
  g_join_lock.unlock();
  if (asleep) {
    count_asleep();
  }
}

void end_join() noexcept {
  Row& row = self();
  g_join_lock.lock();
  const bool linked = row.joining != ActorId{};  // the join failed, or the other one had ended before
  const bool still_asleep = linked && row.asleep_in_join;
  if (linked) {
    unlink_joining(row);
  }
  g_join_lock.unlock();
  if (still_asleep) {
    count_awake();
  }
  if (!row.is_thread) {
    g_end_outside();
  }
  end_outside_wait(row);
}

void set_outside_hooks(void (*begin)() noexcept, void (*end)() noexcept) noexcept {
  g_begin_outside = begin;
  g_end_outside = end;
}

}  // namespace gordian::rt::wait
