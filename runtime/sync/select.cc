// SPDX-License-Identifier: Apache-2.0
// select: locks all its channels (by address, each once), chooses among the ready cases, or queues on all of them. As
// all locks are held while it looks, default and the recorded ready set are exact, and no two selects can commit
// against each other halfway. A parked one is claimed by one compare-exchange; then it takes itself out of the other
// queues. After Go's runtime/select.go.
#include <alloca.h>

#include <algorithm>
#include <span>

#include "runtime/record/recorder.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/timer.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/table.h"
#include "runtime/wait/thread_block.h"

namespace gordian::rt::sync {

namespace {

using detail::SelectSlot;
using detail::SelectWait;

constexpr std::uint64_t kNothing = ~std::uint64_t{0};

std::uint64_t random_number() noexcept {
  // xorshift64*, Vigna 2016. The state is per thread and only has to be uneven; a goroutine that moves takes the other
  // one's.
  std::uint64_t& state = wait::thread_block()->reserved[1];
  std::uint64_t x = state != 0 ? state : reinterpret_cast<std::uintptr_t>(&state);
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  state = x;
  return x * 0x2545f4914f6cdd1d >> 16;
}

class SelectRun {
 public:
  SelectRun(std::span<SelectSlot> slots, std::span<Channel*> order, std::span<std::uint64_t> cases) noexcept
      : slots_(slots), order_(order), cases_(cases) {
    sort_channels();
    list_cases();
  }

  void lock_all() noexcept {
    for (Channel* const channel : order_) {
      take(channel->guard);
    }
  }
  void unlock_all() noexcept {
    for (Channel* const channel : order_) {
      drop(channel->guard);
    }
  }

  // Carries out one ready case, chosen at random; kNothing if none is ready.
  std::uint64_t commit_ready(WaitQueue& woken) noexcept {
    for (;;) {
      std::uint64_t ready = 0;
      const std::uint64_t index = choose(ready);
      if (index == kNothing) {
        return kNothing;
      }
      SelectSlot& slot = slots_[index];
      const Choice choice{.chosen = index, .ready = ready, .cases = cases_};
      const Attempt attempt = slot.sends ? attempt_send(*slot.channel, slot.element, 0, &choice, woken)
                                         : attempt_receive(*slot.channel, slot.element, &choice, woken);
      if (attempt !=
          Attempt::blocked) {  // blocked: its partners had been claimed elsewhere, and are out of the queue now
        slot.ok = attempt == Attempt::done;
        return index;
      }
    }
  }

  void record_default() noexcept { record_choice({.chosen = slots_.size(), .ready = 0, .cases = cases_}, 0, 0); }

  // Locks are held; releases them and parks until one case was completed by somebody else.
  std::uint64_t wait(std::span<Waiter> waiters, std::span<wait::WaitTarget> targets) noexcept {
    SelectWait shared;
    shared.cases = cases_;
    wait::Row& row = wait::self();
    std::size_t count = 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      waiters[i] = Waiter{};
      if (slots_[i].channel != nullptr) {
        enqueue(waiters[i], i, row, shared);
        targets[count++] = {&slots_[i].channel->object, slots_[i].sends};
      }
    }
    wait::begin_wait(row, trace::WaitReason::select, targets.first(count));
    unlock_all();
    sched::park();
    leave_queues(waiters);
    slots_[shared.chosen].ok = shared.ok;
    return shared.chosen;
  }

  // Before any lock is taken.
  void send_what_is_due() noexcept {
    for (const Channel* channel : order_) {
      if (channel->timer != nullptr) {
        send_if_due(*channel->timer);
      }
    }
  }

 private:
  void sort_channels() noexcept {
    std::size_t count = 0;
    for (const SelectSlot& slot : slots_) {
      if (slot.channel != nullptr) {
        order_[count++] = slot.channel;
      }
    }
    std::sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count));
    auto* const end = std::unique(order_.data(), order_.data() + count);
    order_ = order_.first(static_cast<std::size_t>(end - order_.data()));
  }

  void list_cases() noexcept {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const std::uint64_t id = slots_[i].channel == nullptr ? 0 : identify(*slots_[i].channel);
      cases_[i] = id * 2 + (slots_[i].sends ? 1 : 0);
    }
  }

  // Each of the n ready cases with probability 1/n, in one pass.
  std::uint64_t choose(std::uint64_t& ready) noexcept {
    std::uint64_t chosen = kNothing;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Channel* const channel = slots_[i].channel;
      if (channel == nullptr || !(slots_[i].sends ? can_send(*channel) : can_receive(*channel))) {
        continue;
      }
      ready |= i < 64 ? std::uint64_t{1} << i : 0;
      if (++seen == 1 || random_number() % seen == 0) {
        chosen = i;
      }
    }
    return chosen;
  }

  void enqueue(Waiter& waiter, std::size_t index, wait::Row& row, SelectWait& shared) noexcept {
    waiter.row = &row;
    waiter.claim = &shared.claim;
    waiter.select = &shared;
    waiter.element = slots_[index].element;
    waiter.index = static_cast<std::uint32_t>(index);
    Channel& channel = *slots_[index].channel;
    push_back(slots_[index].sends ? channel.senders : channel.receivers, waiter);
  }

  void leave_queues(std::span<Waiter> waiters) noexcept {
    lock_all();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      // The chosen one was moved to its waker's list, which is done: only what still queues here is taken out.
      if (slots_[i].channel != nullptr && waiters[i].queued && !waiters[i].granted) {
        remove(slots_[i].sends ? slots_[i].channel->senders : slots_[i].channel->receivers, waiters[i]);
      }
    }
    unlock_all();
  }

  std::span<SelectSlot> slots_;
  std::span<Channel*> order_;  // without repetition, by address
  std::span<std::uint64_t> cases_;
};

template <class T>
std::span<T> on_stack(void* memory, std::size_t count) noexcept {
  return {static_cast<T*>(memory), count};
}

// One case and no default is a plain operation, as in Go.
std::size_t run_single(SelectSlot& slot) noexcept {
  slot.ok = slot.sends ? detail::channel_send(slot.channel, slot.element)
                       : detail::channel_receive(slot.channel, slot.element);
  return 0;
}

[[noreturn]] void wait_for_nothing() noexcept {
  wait::begin_wait(wait::self(), trace::WaitReason::select_empty, {});
  sched::park_for_ever();
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

std::size_t select_run(SelectSlot* slots, std::size_t count, bool has_default) noexcept {
  if (!has_default && count <= 1) {
    if (count == 0) {
      wait_for_nothing();
    }
    return run_single(slots[0]);
  }
  SelectRun run({slots, count}, on_stack<Channel*>(alloca(count * sizeof(Channel*) + 1), count),
                on_stack<std::uint64_t>(alloca(count * sizeof(std::uint64_t) + 1), count));
  run.send_what_is_due();
  WaitQueue woken;
  run.lock_all();
  std::uint64_t chosen = run.commit_ready(woken);
  if (chosen == kNothing && has_default) {
    run.record_default();
    chosen = count;
  }
  if (chosen != kNothing) {
    run.unlock_all();
    wake_all(woken);
  } else {
    chosen = run.wait(on_stack<Waiter>(alloca(count * sizeof(Waiter)), count),
                      on_stack<wait::WaitTarget>(alloca(count * sizeof(wait::WaitTarget)), count));
  }
  if (chosen < count && slots[chosen].sends && !slots[chosen].ok) {
    record_send_on_closed(*slots[chosen].channel);
  }
  return chosen;
}

}  // namespace gordian::detail
