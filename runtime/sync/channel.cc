// SPDX-License-Identifier: Apache-2.0
// The operations under the lock. Invariants: channel.h.
#include "runtime/sync/channel.h"

#include "runtime/record/recorder.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

// Not memcpy: that name may be replaced by the recorder's, and these are the runtime's own bytes.
void copy_element(void* to, const void* from, std::size_t bytes) noexcept {
  if (bytes == sizeof(std::uint64_t)) {
    __builtin_memcpy_inline(to, from, sizeof(std::uint64_t));
  } else {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
  }
}

void record_send(Channel& channel, std::uint64_t actor, std::uint64_t run) noexcept {
  if (actor == trace::kTimerActor) {
    run = channel.timer_set;
  }
  if (record::enabled()) {
    record::emit_enabled(
        trace::ChanSend{.object = identify(channel), .ticket = ++channel.sends, .actor = actor, .run = run});
  }
}

void record_receive(Channel& channel, bool closed, std::uint64_t actor, std::uint64_t run) noexcept {
  if (record::enabled()) {
    record::emit_enabled(trace::ChanRecv{.object = identify(channel),
                                         .ticket = closed ? 0 : ++channel.receives,
                                         .closed = closed ? std::uint64_t{1} : 0,
                                         .actor = actor,
                                         .run = run});
  }
}

// A waiter of a select was chosen: its Select event, before the operation's.
void record_partner(const Waiter& waiter) noexcept {
  if (record::enabled() && waiter.select != nullptr) {
    const std::uint64_t bit = waiter.index < 64 ? std::uint64_t{1} << waiter.index : 0;
    record_choice({.chosen = waiter.index, .ready = bit, .cases = waiter.select->cases}, waiter.actor(), waiter.run());
  }
}

// Tells the waiter how its operation ended; it will be woken after the lock.
void grant(Waiter& waiter, bool ok, WaitQueue& woken) noexcept {
  waiter.granted = true;
  waiter.ok = ok;
  if (waiter.select != nullptr) {
    waiter.select->chosen = waiter.index;
    waiter.select->ok = ok;
  }
  push_back(woken, waiter);
}

void enqueue(Channel& channel, const void* element) noexcept {
  // relaxed: changed under the lock; len() is a glance.
  const std::uint64_t count = channel.count.load(std::memory_order_relaxed);
  copy_element(channel.slot(channel.first + count), element, channel.element_bytes);
  channel.count.store(count + 1, std::memory_order_relaxed);
}

void dequeue(Channel& channel, void* element) noexcept {
  copy_element(element, channel.slot(channel.first), channel.element_bytes);
  channel.first = (channel.first + 1) % channel.capacity;
  // relaxed: as in enqueue().
  channel.count.store(channel.count.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

std::uint64_t count_of(const Channel& channel) noexcept {
  return channel.count.load(std::memory_order_relaxed);  // relaxed: under the lock
}

void announce(const Choice* choice) noexcept {
  if (choice != nullptr) {
    record_choice(*choice, 0, 0);
  }
}

}  // namespace

std::uint64_t identify(Channel& channel) noexcept {
  return wait::identify(channel.object, &channel, channel.visible_capacity());
}

void record_choice(const Choice& choice, std::uint64_t actor, std::uint64_t run) noexcept {
  record::emit(
      trace::Select{.chosen = choice.chosen, .ready = choice.ready, .actor = actor, .run = run, .cases = choice.cases});
}

void record_send_on_closed(Channel& channel) noexcept {
  wait::record_panic(trace::PanicCode::send_on_closed, identify(channel),
                     wait::panic_text(trace::PanicCode::send_on_closed));
}

Attempt attempt_send(Channel& channel, void* element, std::uint64_t performer, const Choice* choice,
                     WaitQueue& woken) noexcept {
  if (channel.closed) {
    announce(choice);
    return Attempt::closed;
  }
  if (Waiter* const receiver = pop_claimed(channel.receivers)) {
    copy_element(receiver->element, element, channel.element_bytes);
    announce(choice);
    record_partner(*receiver);
    record_send(channel, performer, 0);
    record_receive(channel, false, receiver->actor(), receiver->run());
    wait::end_wait(*receiver->row);
    grant(*receiver, true, woken);
    return Attempt::done;
  }
  if (count_of(channel) < channel.capacity) {
    enqueue(channel, element);
    announce(choice);
    if (channel.timer == nullptr) {  // [C4]
      record_send(channel, performer, 0);
    }
    return Attempt::done;
  }
  return Attempt::blocked;
}

Attempt attempt_receive(Channel& channel, void* element, const Choice* choice, WaitQueue& woken) noexcept {
  const bool buffered = count_of(channel) > 0;
  Waiter* const sender = pop_claimed(channel.senders);
  if (buffered) {
    dequeue(channel, element);
    announce(choice);
    if (channel.timer != nullptr) {  // [C4]
      record_send(channel, trace::kTimerActor, 0);
    }
    record_receive(channel, false, 0, 0);
  }
  if (sender != nullptr) {
    if (buffered) {
      enqueue(channel, sender->element);
    } else {
      copy_element(element, sender->element, channel.element_bytes);
      announce(choice);
    }
    record_partner(*sender);
    record_send(channel, sender->actor(), sender->run());
    wait::end_wait(*sender->row);
    grant(*sender, true, woken);
    if (!buffered) {
      record_receive(channel, false, 0, 0);
    }
  }
  if (buffered || sender != nullptr) {
    return Attempt::done;
  }
  if (channel.closed) {
    announce(choice);
    record_receive(channel, true, 0, 0);
    return Attempt::closed;
  }
  return Attempt::blocked;
}

bool can_send(const Channel& channel) noexcept {
  return channel.closed || channel.receivers.head != nullptr || count_of(channel) < channel.capacity;
}
bool can_receive(const Channel& channel) noexcept {
  return channel.closed || channel.senders.head != nullptr || count_of(channel) > 0;
}

bool forget_value(Channel& channel) noexcept {
  const bool had_value = count_of(channel) > 0;
  channel.count.store(0, std::memory_order_relaxed);  // relaxed: as in enqueue()
  return had_value;
}

void refuse_all(Channel& channel, WaitQueue& woken) noexcept {
  while (Waiter* const receiver = pop_claimed(channel.receivers)) {
    record_partner(*receiver);
    record_receive(channel, true, receiver->actor(), receiver->run());
    wait::end_wait(*receiver->row);
    grant(*receiver, false, woken);
  }
  while (Waiter* const sender = pop_claimed(channel.senders)) {
    wait::end_wait_ready(*sender->row);  // it will panic by itself
    grant(*sender, false, woken);
  }
}

}  // namespace gordian::rt::sync
