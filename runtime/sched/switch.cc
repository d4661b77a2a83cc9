// SPDX-License-Identifier: Apache-2.0
// The switch. Order on the leaving side: bind the target's stack; Switch event; save thread state; jump. On the
// arriving side: store the context that was left and clear its on-CPU flag (or take the dead one apart); restore thread
// state.
#include "runtime/sched/switch.h"

#include "runtime/wait/table.h"

namespace gordian::rt::sched {

namespace {

void goroutine_main(Transfer transfer) noexcept;

void adopt_stack(Goroutine* goroutine, Stack* stack) noexcept {
  goroutine->stack = stack;
  goroutine->actor->frames = stack->frames;
  goroutine->actor->frame_top = stack->frames;
}

void record_stack(const Stack* stack) noexcept {
  record::alloc(stack->low, stack->bytes(), trace::MemoryKind::goroutine_stack);
}

void bind_fresh(Worker* worker, Goroutine* goroutine) noexcept {
  adopt_stack(goroutine, take_stack(worker->stacks, goroutine->stack_bytes));
  goroutine->context =
      make_context(reinterpret_cast<void*>(goroutine->stack->high()), goroutine->stack->bytes(), goroutine_main);
}

void become_current(Worker* worker, Goroutine* goroutine) noexcept {
  worker->current = goroutine;
  wait::set_current_row(goroutine);
  if (goroutine != nullptr) {
    // relaxed: who waits for false sees it later than the release that cleared it; setting needs no partner.
    goroutine->on_cpu.store(true, std::memory_order_relaxed);
    goroutine->state.store(wait::RowState::running, std::memory_order_relaxed);  // relaxed: a hint for dumps
  }
}

// First thing on the arriving side: `left` is the context that the jump came from.
void store_left(Worker* worker, Context left) noexcept {
  Goroutine* const goroutine = worker->leaving;
  worker->leaving = nullptr;
  if (goroutine == nullptr) {
    worker->scheduler = left;
    return;
  }
  if (goroutine->ended) {
    give_stack(worker->stacks, goroutine->stack);
    goroutine->stack = nullptr;
    give_descriptor(worker->descriptors, goroutine);
    return;
  }
  goroutine->context = left;
  // release: pairs with the acquire of whoever wants to run it: the context is stored.
  goroutine->on_cpu.store(false, std::memory_order_release);
}

void clear_thread_state(Worker* worker) noexcept {
  *worker->errno_address = 0;
  *worker->eh_globals = {};
}

// Not inlined: the caller may have looked something up for the thread that it left.
__attribute__((noinline)) void arrive(Context left) noexcept {
  Worker* const worker = current_worker();
  store_left(worker, left);
  const Goroutine* const goroutine = worker->current;
  *worker->errno_address = goroutine->saved_errno;
  *worker->eh_globals = goroutine->saved_eh;
}

void goroutine_main(Transfer transfer) noexcept {
  Worker* const worker = current_worker();
  store_left(worker, transfer.fctx);
  clear_thread_state(worker);
  for (;;) {
    const Goroutine* const goroutine = current_worker()->current;
    goroutine->entry(goroutine->closure);
    finish_current();
  }
}

bool takes_over(const Goroutine* to, const Goroutine* from) noexcept {
  return to->context == nullptr && to->stack_bytes <= kDefaultStackBytes && from->stack->mapping == nullptr;
}

}  // namespace

__attribute__((noinline)) void leave(Goroutine* from, Goroutine* to) noexcept {
  Worker* const worker = current_worker();
  from->saved_errno = *worker->errno_address;
  from->saved_eh = *worker->eh_globals;
  const bool fresh = to != nullptr && to->context == nullptr;
  if (fresh) {
    bind_fresh(worker, to);
  }
  record::switch_actor(from->actor, to == nullptr ? nullptr : to->actor);
  if (fresh) {
    record_stack(to->stack);
  }
  worker->leaving = from;
  become_current(worker, to);
  arrive(jump(to == nullptr ? worker->scheduler : to->context).fctx);
}

void run_from_scheduler(Worker* worker, Goroutine* to) noexcept {
  const bool fresh = to->context == nullptr;
  if (fresh) {
    bind_fresh(worker, to);
  }
  record::switch_actor(nullptr, to->actor);
  if (fresh) {
    record_stack(to->stack);
  }
  worker->leaving = nullptr;
  become_current(worker, to);
  store_left(worker, jump(to->context).fctx);
}

void begin_scheduler(Worker* worker, Context left) noexcept { store_left(worker, left); }

void finish_current() noexcept {
  Worker* const worker = current_worker();
  Goroutine* const from = worker->current;
  release_closure(from);
  record::free(from->stack->low, from->stack->bytes(), trace::MemoryKind::goroutine_stack);
  record::emit(trace::GoEnd{});
  // relaxed: one writer, readers only count.
  worker->finished.store(worker->finished.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  // release: pairs with the acquire of a dump.
  from->state.store(wait::RowState::vacant, std::memory_order_release);
  Goroutine* const to = pick_local(worker);
  if (to == nullptr || !takes_over(to, from)) {
    from->ended = true;
    leave(from, to);
  }
  adopt_stack(to, from->stack);
  to->context = from->context;  // any: not fresh any more
  record::switch_actor(from->actor, to->actor);
  record_stack(to->stack);
  become_current(worker, to);
  from->stack = nullptr;
  give_descriptor(worker->descriptors, from);
  clear_thread_state(worker);
}

Goroutine* pick_local(Worker* worker) noexcept {
  // relaxed: one writer; a watchman only sees whether it moves.
  worker->ticks.store(++worker->picks, std::memory_order_relaxed);
  if (worker->picks % kFairness == 0 ||
      worker->called.load(std::memory_order_relaxed)) {  // relaxed: a later pick sees it
    return nullptr;
  }
  Goroutine* to = take_main(worker, false);
  if (to == nullptr) {
    to = take_run_next(worker);
  }
  if (to == nullptr) {
    to = worker->queue.pop();
  }
  if (to == nullptr) {
    to = take_main(worker, true);
  }
  if (to == nullptr) {
    return nullptr;
  }
  // acquire: pairs with the release in store_left(). Still on a CPU: only the scheduler's stack may wait for that, two
  // goroutines would wait for each other. (It may be the one that yields.)
  if (to->on_cpu.load(std::memory_order_acquire)) {
    worker->handed = to;
    return nullptr;
  }
  return to;
}

}  // namespace gordian::rt::sched
