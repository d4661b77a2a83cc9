// SPDX-License-Identifier: Apache-2.0
// The door behind gordian/chan.h: plain operations, life and death of a channel.
#include "gordian/detail/channel_api.h"

#include <cstdlib>
#include <new>

#include "runtime/record/recorder.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/timer.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

constexpr std::uint64_t kMaxBufferBytes = std::uint64_t{1} << 47;

// Queues the caller and parks; returns when somebody completed the operation. True: it moved a value.
bool wait_in(WaitQueue& queue, Channel& channel, void* element, trace::WaitReason reason, Guard& guard) noexcept {
  identify(channel);
  Waiter waiter;
  waiter.row = &wait::self();
  waiter.element = element;
  const wait::WaitTarget target{&channel.object, reason == trace::WaitReason::chan_send};
  push_back(queue, waiter);
  wait::begin_wait(*waiter.row, reason, {&target, 1});
  guard.release();
  sched::park();
  return waiter.ok;
}

[[noreturn]] void wait_on_nil(trace::WaitReason reason) noexcept {
  wait::begin_wait(wait::self(), reason, {});
  sched::park_for_ever();
}

void record_try_failed(Channel* channel, bool send) noexcept {
  record::emit(trace::ChanTryFailed{.object = channel == nullptr ? 0 : identify(*channel), .send = send ? 1u : 0u});
}

}  // namespace

Channel* make_channel(trace::ObjectKind kind, std::size_t element_bytes, std::int64_t capacity,
                      void (*drop)(void*)) noexcept {
  const auto places = static_cast<std::uint64_t>(capacity);
  const record::Internal internal;
  void* memory = nullptr;
  if (capacity >= 0 && (element_bytes == 0 || places <= kMaxBufferBytes / element_bytes)) {
    memory = std::malloc(sizeof(Channel) + places * element_bytes);
  }
  if (memory == nullptr) {
    return nullptr;
  }
  auto* const channel = new (memory) Channel(kind);
  channel->element_bytes = static_cast<std::uint32_t>(element_bytes);
  channel->capacity = places;
  channel->drop = drop;
  return channel;
}

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

Channel* channel_make(std::size_t element_bytes, std::int64_t capacity, void (*drop)(void*)) noexcept {
  Channel* const channel = make_channel(trace::ObjectKind::channel, element_bytes, capacity, drop);
  if (channel == nullptr) {
    wait::record_panic(trace::PanicCode::chan_size, 0, wait::panic_text(trace::PanicCode::chan_size));
  }
  return channel;
}

// relaxed: whoever copies a handle has one.
void channel_retain(Channel* channel) noexcept { channel->references.fetch_add(1, std::memory_order_relaxed); }

void channel_release(Channel* channel) noexcept {
  // acq_rel: release orders this owner's uses before the last one's destruction, which acquires them.
  if (channel->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  if (channel->timer != nullptr) {
    abandon(*channel->timer);
  }
  // relaxed: nobody else is left.
  const std::uint64_t left = channel->count.load(std::memory_order_relaxed);
  for (std::uint64_t i = 0; channel->drop != nullptr && i < left; ++i) {
    channel->drop(channel->slot(channel->first + i));
  }
  if (const std::uint64_t id = channel->object.id.load(std::memory_order_relaxed); record::is_introduced(id)) {
    record::emit(trace::ObjectEnd{.object = id});  // no ticket: a channel has no single sequence
  }
  const record::Internal internal;
  std::free(channel);
}

// relaxed: a glance, as in Go.
std::size_t channel_len(const Channel* channel) noexcept {
  return channel == nullptr || channel->timer != nullptr ? 0 : channel->count.load(std::memory_order_relaxed);
}
std::size_t channel_cap(const Channel* channel) noexcept {
  return channel == nullptr ? 0 : channel->visible_capacity();
}

bool channel_send(Channel* channel, void* element) noexcept {
  if (channel == nullptr) {
    wait_on_nil(trace::WaitReason::chan_send_nil);
  }
  WaitQueue woken;
  Guard guard(channel->guard);
  const Attempt attempt = attempt_send(*channel, element, 0, nullptr, woken);
  const bool sent = attempt == Attempt::blocked
                        ? wait_in(channel->senders, *channel, element, trace::WaitReason::chan_send, guard)
                        : attempt == Attempt::done;
  guard.release();
  wake_all(woken);
  if (!sent) {
    record_send_on_closed(*channel);
  }
  return sent;
}

bool channel_receive(Channel* channel, void* element) noexcept {
  if (channel == nullptr) {
    wait_on_nil(trace::WaitReason::chan_receive_nil);
  }
  WaitQueue woken;
  Guard guard(channel->guard);
  const Attempt attempt = attempt_receive(*channel, element, nullptr, woken);
  if (attempt == Attempt::blocked) {
    return wait_in(channel->receivers, *channel, element, trace::WaitReason::chan_receive, guard);
  }
  guard.release();
  wake_all(woken);
  return attempt == Attempt::done;
}

ChanStatus channel_try_send(Channel* channel, void* element) noexcept {
  Attempt attempt = Attempt::blocked;
  if (channel != nullptr) {
    WaitQueue woken;
    Guard guard(channel->guard);
    attempt = attempt_send(*channel, element, 0, nullptr, woken);
    guard.release();
    wake_all(woken);
  }
  if (attempt == Attempt::blocked) {
    record_try_failed(channel, true);
    return ChanStatus::would_block;
  }
  if (attempt == Attempt::closed) {
    record_send_on_closed(*channel);
    return ChanStatus::closed;
  }
  return ChanStatus::ok;
}

ChanStatus channel_try_receive(Channel* channel, void* element) noexcept {
  Attempt attempt = Attempt::blocked;
  if (channel != nullptr) {
    if (channel->timer != nullptr) {
      send_if_due(*channel->timer);
    }
    WaitQueue woken;
    Guard guard(channel->guard);
    attempt = attempt_receive(*channel, element, nullptr, woken);
    guard.release();
    wake_all(woken);
  }
  if (attempt == Attempt::blocked) {
    record_try_failed(channel, false);
    return ChanStatus::would_block;
  }
  return attempt == Attempt::done ? ChanStatus::ok : ChanStatus::closed;
}

PanicCode channel_close(Channel* channel) noexcept {
  const auto refuse = [channel](PanicCode code) {
    const auto reason = static_cast<trace::PanicCode>(code);
    wait::record_panic(reason, channel == nullptr ? 0 : identify(*channel), wait::panic_text(reason));
    return code;
  };
  if (channel == nullptr) {
    return refuse(PanicCode::close_of_nil);
  }
  WaitQueue woken;
  Guard guard(channel->guard);
  if (channel->closed) {
    guard.release();
    return refuse(PanicCode::close_of_closed);
  }
  channel->closed = true;
  if (record::enabled()) {
    record::emit_enabled(trace::ChanClose{.object = identify(*channel)});
  }
  refuse_all(*channel, woken);
  guard.release();
  wake_all(woken);
  return PanicCode::none;
}

}  // namespace gordian::detail
