// SPDX-License-Identifier: Apache-2.0
#include "runtime/io/descriptor.h"

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "gordian/go.h"  // errno of the thread that runs us now
#include "runtime/io/poller.h"
#include "runtime/record/descriptor_order.h"
#include "runtime/record/recorder.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/all_asleep.h"
#include "runtime/wait/table.h"

namespace gordian::rt::io {

namespace {

using sync::Guard;
using sync::WaitQueue;

constexpr std::size_t kBlockSize = 256;
constexpr std::size_t kBlocks = 4096;

struct Block {
  Descriptor descriptors[kBlockSize];
};
std::atomic<Block*> g_blocks[kBlocks] = {};

Block* add_block(std::atomic<Block*>& slot) noexcept {
  const record::Internal internal;
  auto* const made = new (std::nothrow) Block;
  Block* present = nullptr;
  // acq_rel: pairs with itself and with the acquire in find(): who sees the block sees it made.
  if (slot.compare_exchange_strong(present, made, std::memory_order_acq_rel, std::memory_order_acquire)) {
    return made;
  }
  delete made;
  return present;
}

// Null: no such number, or no memory.
Descriptor* find(int number, bool make) noexcept {
  const auto index = static_cast<std::size_t>(number);
  if (number < 0 || index >= kBlocks * kBlockSize) {
    return nullptr;
  }
  std::atomic<Block*>& slot = g_blocks[index / kBlockSize];
  Block* block = slot.load(std::memory_order_acquire);  // pairs with add_block()
  block = block == nullptr && make ? add_block(slot) : block;
  return block == nullptr ? nullptr : &block->descriptors[index % kBlockSize];
}

// Outside the guard. The woken are counted by their workers by now, or as threads, so that the waits' own counts go
// [F3].
void wake_all(const WaitQueue& woken) noexcept {
  std::size_t count = 0;
  for (const sync::Waiter* waiter = woken.head; waiter != nullptr; waiter = waiter->next) {
    ++count;
  }
  sync::wake_all(woken);
  for (; count != 0; --count) {
    wait::count_asleep();
  }
}

// The functions below: under the guard.

void begin_wait(Waiter& waiter) noexcept {
  wait::count_awake();
  wait::begin_wait(*waiter.row, trace::WaitReason::io_wait, {});
}

void release(Waiter& waiter, int outcome, WaitQueue& woken) noexcept {
  waiter.outcome = outcome;
  wait::end_wait_ready(*waiter.row);
  sync::push_back(woken, waiter);
}

void release_all(WaitQueue& waiters, int outcome, WaitQueue& woken) noexcept {
  while (sync::Waiter* const first = waiters.head) {
    sync::remove(waiters, *first);
    release(static_cast<Waiter&>(*first), outcome, woken);
  }
}

int refusal(const Descriptor& descriptor, const Side& side) noexcept {
  const std::uint64_t end = side.deadline.at_ns;
  return descriptor.is_closing ? EBADF : end != 0 && end <= sched::now_ns() ? ETIMEDOUT : 0;
}

std::uint32_t interest(const Descriptor& descriptor) noexcept {
  return (descriptor.sides[0].not_ready.head == nullptr ? 0u : EPOLLIN) |
         (descriptor.sides[1].not_ready.head == nullptr ? 0u : EPOLLOUT);
}

// [F4]
void drop_deadlines(Descriptor& descriptor) noexcept {
  for (Side& side : descriptor.sides) {
    sched::disarm(side.deadline);
    side.deadline.at_ns = 0;
  }
}

// How many goroutines of a queue will never run again; they are taken out of it.
std::uint32_t abandon(WaitQueue& waiters) noexcept {
  std::uint32_t count = 0;
  for (sync::Waiter* waiter = waiters.head; waiter != nullptr;) {
    sync::Waiter* const next = waiter->next;
    if (!waiter->row->is_thread) {
      sync::remove(waiters, *waiter);
      ++count;
    }
    waiter = next;
  }
  return count;
}

std::uint32_t abandon(Descriptor& descriptor) noexcept {
  const Guard guard(descriptor.guard);
  std::uint32_t count = 0;
  for (Side& side : descriptor.sides) {
    count += abandon(side.turns) + abandon(side.not_ready);
  }
  if (descriptor.closer != nullptr && !descriptor.closer->row->is_thread) {
    descriptor.closer = nullptr;
    ++count;
  }
  return count;
}

void expire(sched::Timer* timer) noexcept {
  auto& deadline = static_cast<Deadline&>(*timer);
  Descriptor& descriptor = *deadline.descriptor;
  WaitQueue woken;
  Guard guard(descriptor.guard);
  if (deadline.at_ns != 0 && deadline.at_ns <= sched::now_ns()) {
    release_all(descriptor.sides[static_cast<int>(deadline.direction)].not_ready, ETIMEDOUT, woken);
  }
  guard.release();
  wake_all(woken);
}

}  // namespace

Descriptor::Descriptor() noexcept {
  for (const Direction direction : {Direction::reads, Direction::writes}) {
    Deadline& deadline = sides[static_cast<int>(direction)].deadline;
    deadline.descriptor = this;
    deadline.direction = direction;
    deadline.fire = expire;
  }
}

Use::Use(int number, Direction direction) noexcept
    : descriptor_(find(number, true)), number_(number), direction_(direction) {
  if (descriptor_ == nullptr) {
    error_ = EBADF;
    return;
  }
  Guard guard(descriptor_->guard);
  error_ = refusal(*descriptor_, side());
  if (error_ != 0) {
    return;
  }
  if (!side().busy) {
    side().busy = has_turn_ = true;
    return;
  }
  Waiter waiter;
  sync::push_back(side().turns, waiter);
  begin_wait(waiter);
  guard.release();
  sched::park();
  error_ = waiter.outcome;
  has_turn_ = error_ == 0;  // the side stayed busy, for us
  if (has_turn_) {
    const Guard again(descriptor_->guard);
    error_ = refusal(*descriptor_, side());
  }
}

Use::~Use() {
  if (!has_turn_) {
    return;
  }
  WaitQueue woken;
  Guard guard(descriptor_->guard);
  auto* const next = static_cast<Waiter*>(side().turns.head);
  side().busy = next != nullptr;
  if (next != nullptr) {
    sync::remove(side().turns, *next);
    release(*next, 0, woken);
  } else if (descriptor_->closer != nullptr && !descriptor_->sides[0].busy && !descriptor_->sides[1].busy) {
    release(*std::exchange(descriptor_->closer, nullptr), 0, woken);
  }
  guard.release();
  wake_all(woken);
}

int Use::wait() noexcept {
  Guard guard(descriptor_->guard);
  if (const int refused = refusal(*descriptor_, side())) {
    return refused;
  }
  Waiter waiter;
  sync::push_back(side().not_ready, waiter);
  if (const int failed = arm(number_, interest(*descriptor_))) {
    sync::remove(side().not_ready, waiter);
    return failed;
  }
  begin_wait(waiter);
  guard.release();
  sched::park();
  return waiter.outcome;
}

int close_descriptor(int number) noexcept {
  Descriptor* const descriptor = find(number, true);
  if (descriptor == nullptr) {
    return EBADF;
  }
  record::note_descriptor_release(number);
  WaitQueue woken;
  Waiter self;
  Guard guard(descriptor->guard);
  if (descriptor->is_closing) {
    return EBADF;
  }
  descriptor->is_closing = true;
  drop_deadlines(*descriptor);
  for (Side& side : descriptor->sides) {
    release_all(side.turns, EBADF, woken);
    release_all(side.not_ready, EBADF, woken);
  }
  const bool waits = descriptor->sides[0].busy || descriptor->sides[1].busy;
  if (waits) {
    descriptor->closer = &self;
    begin_wait(self);
  }
  guard.release();
  wake_all(woken);
  if (waits) {
    sched::park();
  }
  // Under the guard: whoever is given the number next begins after it. [F2]
  const Guard again(descriptor->guard);
  const bool closed = syscall(SYS_close, number) == 0 || errno == EINTR;  // Linux closes in either case
  descriptor->is_closing = false;
  return closed ? 0 : errno;
}

int set_deadline(int number, Direction direction, std::uint64_t at_ns) noexcept {
  Descriptor* const descriptor = find(number, true);
  if (descriptor == nullptr) {
    return EBADF;
  }
  WaitQueue woken;
  Guard guard(descriptor->guard);
  if (descriptor->is_closing) {
    return EBADF;
  }
  Side& side = descriptor->sides[static_cast<int>(direction)];
  Deadline& deadline = side.deadline;
  sched::disarm(deadline);
  deadline.at_ns = deadline.due_ns = at_ns;
  if (refusal(*descriptor, side) != 0) {
    release_all(side.not_ready, ETIMEDOUT, woken);
  } else if (at_ns != 0) {
    sched::arm(deadline);
  }
  guard.release();
  wake_all(woken);
  return 0;
}

void begin_anew(int number) noexcept {
  if (Descriptor* const descriptor = find(number, false)) {
    const Guard guard(descriptor->guard);
    drop_deadlines(*descriptor);
  }
}

void end_waits(int number, std::uint32_t events) noexcept {
  Descriptor* const descriptor = find(number, false);
  if (descriptor == nullptr) {
    return;
  }
  const bool over = (events & (EPOLLERR | EPOLLHUP)) != 0;
  WaitQueue woken;
  Guard guard(descriptor->guard);
  if (over || (events & EPOLLIN) != 0) {
    release_all(descriptor->sides[0].not_ready, 0, woken);
  }
  if (over || (events & EPOLLOUT) != 0) {
    release_all(descriptor->sides[1].not_ready, 0, woken);
  }
  if (const std::uint32_t left = interest(*descriptor)) {
    arm(number, left);
  }
  guard.release();
  wake_all(woken);
}

void abandon_waits() noexcept {
  std::uint32_t count = 0;
  for (const std::atomic<Block*>& slot : g_blocks) {
    Block* const block = slot.load(std::memory_order_acquire);  // pairs with add_block()
    for (std::size_t i = 0; block != nullptr && i < kBlockSize; ++i) {
      count += abandon(block->descriptors[i]);
    }
  }
  for (; count != 0; --count) {
    wait::count_asleep();
  }
}

// relaxed in all: one thread is left.
void forget_descriptors() noexcept {
  for (const std::atomic<Block*>& slot : g_blocks) {
    Block* const block = slot.load(std::memory_order_relaxed);
    if (block != nullptr) {
      std::construct_at(block);
    }
  }
}

}  // namespace gordian::rt::io
