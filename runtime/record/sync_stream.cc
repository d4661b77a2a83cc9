// SPDX-License-Identifier: Apache-2.0
// Appending synchronisation events: reserve() finds room and writes the stack delta that is due, the caller encodes,
// commit() publishes everything with one release store [I2]. An event that finds no room is counted; the next chunk of
// the stream opens with a Loss event, so that the reader knows where the gap is.
#include <algorithm>
#include <utility>

#include "runtime/record/recorder.h"
#include "runtime/record/ring.h"
#include "runtime/record/thread_state.h"
#include "runtime/trace/encode.h"

namespace gordian::rt::record {

namespace {

constexpr std::size_t kLossBound = trace::encoded_bound(trace::Loss{});

// Bytes of a Stack event with that many pushes: kind, pop, count, and each push.
constexpr std::size_t stack_bound(std::uint64_t pushes) noexcept {
  return 1 + trace::kMaxVarintBytes * (2 + static_cast<std::size_t>(pushes));
}
static_assert(stack_bound(kMaxStackPush) + 16 * 1024 < trace::kChunkBytes, "an event fits beside the deepest stack");

void seal_events(ThreadState& state) noexcept {
  state.sync.cursor = state.sync.end = nullptr;
  if (trace::ChunkHeader* const full = std::exchange(state.sync.chunk, nullptr)) {
    g_ring.seal(full);
  }
}

// The chunk before was committed up to its last event, so it can go as it is.
bool open_chunk(ThreadState& state) noexcept {
  seal_events(state);
  trace::ChunkHeader* chunk = g_ring.take(trace::Family::sync, state.stream, state.sync.sequence);
  if (chunk == nullptr) {
    return false;
  }
  ++state.sync.sequence;
  chunk->actor = state.actor == nullptr ? 0 : state.actor->id.value;
  chunk->first_ordinal = state.events;
  state.sync.chunk = chunk;
  state.sync.begin = state.sync.cursor = g_ring.payload(chunk);
  state.sync.end = state.sync.begin + trace::kChunkBytes;
  state.sync.known.forget();
  if (state.lost_sync != 0) {
    const trace::Loss loss{
        .family = static_cast<std::uint64_t>(trace::Family::sync), .count = state.lost_sync, .kind = 0};
    state.sync.cursor = trace::encode(state.sync.cursor, loss);
    ++state.events;
    state.lost_sync = 0;
  }
  return true;
}

void write_stack(ThreadState& state, const StackDelta& delta) noexcept {
  std::uint8_t* out = state.sync.cursor;
  *out++ = static_cast<std::uint8_t>(trace::EventKind::Stack);
  out = trace::put_varint(out, delta.pop);
  out = trace::put_varint(out, delta.push());
  for (std::uint64_t index = delta.from; index < delta.to; ++index) {
    out = trace::put_varint(out, push_word(state.actor->frames, index));
  }
  state.sync.cursor = out;
  ++state.events;
}

std::uint8_t* lose(ThreadState& state) noexcept {
  ++state.lost_sync;
  g_ring.lose_sync(1);
  return nullptr;
}

StackDelta due_delta(const ThreadState& state, std::uint64_t depth) noexcept {
  const gordian_rt_frame* frames = depth == 0 ? nullptr : state.actor->frames;
  return stack_delta(frames, depth, kKnownToSync, state.sync.known);
}

std::size_t room(const ThreadState& state) noexcept {
  return static_cast<std::size_t>(state.sync.end - state.sync.cursor);
}

// Room for the event alone, or nothing.
std::uint8_t* reserve_plain(ThreadState& state, std::size_t bytes) noexcept {
  if (room(state) < bytes && (bytes + kLossBound > trace::kChunkBytes || !open_chunk(state))) {
    return lose(state);
  }
  return state.sync.cursor;
}

std::uint8_t* reserve_with_stack(ThreadState& state, std::size_t bytes, std::uint64_t* site) noexcept {
  const std::uint64_t depth = stack_depth(state.actor);
  if (depth != 0) {
    *site = state.actor->frames[depth - 1].call_site;
  }
  StackDelta delta = due_delta(state, depth);
  if (!delta.is_due()) {
    if (room(state) >= bytes) {
      return state.sync.cursor;
    }
  }
  if (room(state) < bytes + stack_bound(delta.push())) {
    if (bytes + kLossBound + stack_bound(std::min(depth, kMaxStackPush)) > trace::kChunkBytes || !open_chunk(state)) {
      return lose(state);
    }
    delta = due_delta(state, depth);
  }
  if (delta.is_due()) {
    write_stack(state, delta);
    mark_known(state.actor == nullptr ? nullptr : state.actor->frames, delta, kKnownToSync, state.sync.known);
  }
  return state.sync.cursor;
}

}  // namespace

// A signal handler may have interrupted an append; a thread on its last instructions writes no more.
bool can_emit() noexcept { return !t_state.busy && !t_state.ended; }
void lose_event() noexcept { g_ring.lose_sync(1); }

// Appends call nobody between changes that belong together, and a stream has let go of a chunk before that is sealed: a
// call that found no stack left both streams fit for more. A chunk that was taken and not yet opened is lost, empty.
void abandon_append() noexcept { t_state.busy = false; }

std::uint8_t* reserve(std::size_t bytes, bool with_stack, std::uint64_t* site) noexcept {
  ThreadState& state = t_state;
  if (!can_emit()) {
    lose_event();
    return nullptr;
  }
  if (!state.started) {
    start_unknown_thread();
  }
  state.busy = true;
  std::uint8_t* out = with_stack ? reserve_with_stack(state, bytes, site) : reserve_plain(state, bytes);
  state.busy = out != nullptr;  // commit() clears it
  return out;
}

void commit(std::uint8_t* end) noexcept {
  ThreadState& state = t_state;
  state.sync.cursor = end;
  ++state.events;
  // release: pairs with the drainer's acquire of `committed`; the bytes below it are complete [I2].
  state.sync.chunk->committed.store(static_cast<std::uint32_t>(end - state.sync.begin), std::memory_order_release);
  gordian_rt_thread.access_limit = nullptr;  // the next access writes a marker first: a new segment begins
  state.busy = false;
}

void end_events(ThreadState& state) noexcept { seal_events(state); }

}  // namespace gordian::rt::record
