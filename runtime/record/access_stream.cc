// SPDX-License-Identifier: Apache-2.0
// The slow path of the access family: instrumented code stores words at a cursor of its own until the limit says stop;
// then this writes what is due (marker, stack words), makes room in a full chunk or changes it, and hands out room.
// Committed when the chunk is sealed or the thread parks; after a crash the drainer finds the rest by its zero word
// [I3].
#include "runtime/record/access_stream.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/record/own_memory.h"
#include "runtime/record/recorder.h"
#include "runtime/record/ring.h"
#include "runtime/record/thread_state.h"
#include "runtime/trace/access_word.h"

namespace gordian::rt::record {

__attribute__((tls_model("initial-exec"))) __thread std::uint64_t t_scratch[kScratchWords];

namespace {

using trace::kChunkWords;
using Words = Filling<std::uint64_t>;
constexpr std::uint64_t kAsideWords = 6144;
constexpr std::uint32_t kLongestPause = 63;  // chunks
static_assert(kMaxStackPush + kMaxAppendWords + 2 <= kChunkWords, "an append fits beside the deepest stack");
static_assert(kMaxStackPush + kMaxAppendWords + 2 <= kAsideWords && kAsideWords <= kChunkWords);

bool holds(const Words& access, const std::uint64_t* cursor) noexcept {
  return access.begin != nullptr && cursor >= access.begin && cursor <= access.end;
}

// Takes the cursor back from the instrumented code, so that a signal handler cannot move it while we append. Words that
// went to the scratch buffer are lost, and counted.
void recall_cursor(ThreadState& state) noexcept {
  std::uint64_t* live = gordian_rt_thread.access_cursor;
  gordian_rt_thread.access_cursor = t_scratch;
  gordian_rt_thread.access_limit = nullptr;
  if (holds(state.access, live)) {
    state.access.cursor = live;
  } else if (live > t_scratch && live <= t_scratch + kScratchWords && enabled()) {  // else there may be no ring
    g_ring.lose_access(static_cast<std::uint64_t>(live - t_scratch));
  }
}

void commit_words(Words& access) noexcept {
  if (access.chunk != nullptr) {
    // release: pairs with the drainer's acquire of `committed`; the words below it are complete [I2].
    access.chunk->committed.store(static_cast<std::uint32_t>((access.cursor - access.begin) * 8),
                                  std::memory_order_release);
  }
}

bool open_chunk(ThreadState& state) noexcept {
  if (state.aside.handlers != 0) {
    return false;  // has no chunk, and its buffer is full
  }
  Words& access = state.access;
  commit_words(access);
  access.begin = access.cursor = access.end = nullptr;
  state.reduction.done = nullptr;
  if (trace::ChunkHeader* const full = std::exchange(access.chunk, nullptr)) {
    g_ring.seal(full);
  }
  access.known.forget();
  access.chunk = g_ring.take(trace::Family::access, state.stream, access.sequence);
  if (access.chunk == nullptr) {
    return false;
  }
  ++access.sequence;
  access.chunk->actor = state.actor == nullptr ? 0 : state.actor->id.value;
  access.chunk->first_ordinal = state.events;
  access.begin = access.cursor = reinterpret_cast<std::uint64_t*>(g_ring.payload(access.chunk));
  access.end = access.begin + kChunkWords;
  state.marked = ~std::uint64_t{0};
  return true;
}

std::uint64_t* lend_scratch() noexcept {
  gordian_rt_thread.access_cursor = t_scratch;
  gordian_rt_thread.access_limit = t_scratch + kScratchWords;
  return t_scratch;
}

std::uint64_t* write_stack(ThreadState& state, const StackDelta& delta, std::uint64_t* out) noexcept {
  *out++ = trace::stack_word(delta.pop, delta.push());
  for (std::uint64_t index = delta.from; index < delta.to; ++index) {
    *out++ = push_word(state.actor->frames, index);
  }
  mark_known(state.actor->frames, delta, kKnownToAccess, state.access.known);
  return out;
}

// What is nearly always so: since the last append there were calls and returns, nothing else. Null if there was more.
std::uint64_t* lend_again(ThreadState& state, std::uint64_t words) noexcept {
  const Words& access = state.access;
  std::uint64_t* const cursor = gordian_rt_thread.access_cursor;
  if (!holds(access, cursor) || state.marked != state.events || access.known.nothing || state.aside.handlers != 0 ||
      state.aside.words.cursor != state.aside.words.begin || words > kMaxAppendWords) {
    return nullptr;
  }
  const std::uint64_t depth = stack_depth(state.actor);
  if (depth == 0) {
    return nullptr;
  }
  const StackDelta delta = stack_delta(state.actor->frames, depth, kKnownToAccess, access.known);
  const std::uint64_t due = delta.is_due() ? 1 + delta.push() : 0;
  if (static_cast<std::uint64_t>(access.end - cursor) < words + due) {
    return nullptr;
  }
  std::uint64_t* const begin = due != 0 ? write_stack(state, delta, cursor) : cursor;
  gordian_rt_thread.access_cursor = begin;
  gordian_rt_thread.access_limit = access.end;
  return begin;
}

std::uint64_t room(const Words& access) noexcept { return static_cast<std::uint64_t>(access.end - access.cursor); }

AccessFilter* filter_of(ThreadState& state) noexcept {
  Reduction& reduction = state.reduction;
  if (reduction.filter == nullptr) {
    const int saved = errno;
    if (void* memory = map_own(sizeof(AccessFilter)); memory != MAP_FAILED) {
      reduction.filter = static_cast<AccessFilter*>(memory);
    }
    errno = saved;
  }
  return reduction.filter;
}

// The chunk is full, and the drainer is behind: true if half of the chunk is free now, so that it need not change
// hands. Where that gains little the next attempts are put off.
bool has_reduced(ThreadState& state) noexcept {
  Words& access = state.access;
  Reduction& reduction = state.reduction;
  if (access.chunk == nullptr || state.aside.handlers != 0 || !g_ring.is_behind()) {
    return false;
  }
  if (reduction.pause != 0) {
    --reduction.pause;
    return false;
  }
  AccessFilter* const filter = filter_of(state);
  if (filter == nullptr) {
    return false;
  }
  if (const std::uint32_t dropped = g_ring.dropped(); dropped != reduction.dropped) {
    reduction.dropped = dropped;
    filter->forget();
  }
  if (reduction.done == nullptr) {
    filter->begin_chunk();
    reduction.done = access.begin;
  }
  // relaxed: we alone commit.
  const std::uint64_t* const committed = access.begin + access.chunk->committed.load(std::memory_order_relaxed) / 8;
  if (committed > reduction.done) {
    filter->note(reduction.done, committed);
    reduction.done = committed;
  }
  std::uint64_t* const end = filter->reduce(access.begin + (reduction.done - access.begin), access.cursor);
  if (static_cast<std::uint64_t>(access.cursor - end) < kChunkWords / 4) {
    reduction.pause = reduction.next_pause;
    reduction.next_pause = std::min(2 * reduction.next_pause + 1, kLongestPause);
  } else {
    reduction.next_pause = 1;
  }
  access.cursor = end;
  reduction.done = end;
  return room(access) > kChunkWords / 2;
}

std::uint64_t* lend_chunk(ThreadState& state, std::uint64_t words, std::uint64_t depth) noexcept {
  Words& access = state.access;
  const gordian_rt_frame* frames = state.actor->frames;
  StackDelta delta = stack_delta(frames, depth, kKnownToAccess, access.known);
  const auto fits = [&] {
    return access.begin != nullptr && room(access) > words + (delta.is_due() ? 1 + delta.push() : 0);
  };
  // What a chunk knows of the stack stays when it is reduced, and so does the delta, however deep.
  if (!fits() && !(has_reduced(state) && fits())) {
    if (!open_chunk(state)) {
      return lend_scratch();
    }
    delta = stack_delta(frames, depth, kKnownToAccess, access.known);
  }
  if (state.marked != state.events) {
    *access.cursor++ = trace::control_word(trace::ControlType::marker, state.events);
    state.marked = state.events;
  }
  if (delta.is_due()) {
    access.cursor = write_stack(state, delta, access.cursor);
  }
  gordian_rt_thread.access_cursor = access.cursor;
  gordian_rt_thread.access_limit = access.end;
  return access.cursor;
}

// What handlers have left begins with a marker and a whole stack, and so must what follows.
void take_in_aside(ThreadState& state) noexcept {
  Words& words = state.aside.words;
  const auto count = static_cast<std::uint64_t>(words.cursor - words.begin);
  if (count == 0 || state.aside.handlers != 0) {
    return;
  }
  const bool is_new = state.access.begin == nullptr || room(state.access) < count;
  if (is_new && !open_chunk(state)) {
    g_ring.lose_access(count);
  } else {
    if (is_new) {  // the chunk begins where the handler did
      state.access.chunk->first_ordinal = trace::control_payload(*words.begin);
    }
    std::memcpy(state.access.cursor, words.begin, count * sizeof(*words.begin));
    state.access.cursor += count;
  }
  words.cursor = words.begin;
  state.access.known.forget();
  state.marked = ~std::uint64_t{0};
}

void begin_handler(ThreadState& state, gordian_rt_frame* outside) noexcept {
  Aside& aside = state.aside;
  if (aside.words.begin == nullptr) {
    const int saved = errno;
    if (void* memory = map_own(kAsideWords * sizeof(std::uint64_t)); memory != MAP_FAILED) {
      aside.words.begin = aside.words.cursor = static_cast<std::uint64_t*>(memory);
      aside.words.end = aside.words.begin + kAsideWords;
    }
    errno = saved;
  }
  aside.outside = outside;
  aside.interrupted = gordian_rt_thread.access_cursor;
  aside.chunk = state.access;
  state.access = aside.words;
  state.access.known.forget();
  state.marked = ~std::uint64_t{0};
  gordian_rt_thread.access_cursor = t_scratch;
  gordian_rt_thread.access_limit = nullptr;
}

// Words are taken in later, if the interrupted code may be about to store its own at the chunk's end.
void end_handlers(ThreadState& state) noexcept {
  Aside& aside = state.aside;
  recall_cursor(state);
  aside.handlers = 0;
  aside.words = state.access;
  state.access = aside.chunk;
  if (!holds(state.access, aside.interrupted)) {
    take_in_aside(state);
  }
  gordian_rt_thread.access_cursor = aside.interrupted;
}

bool has_left_handlers(const ThreadState& state) noexcept {
  return state.aside.handlers != 0 && gordian_rt_thread.frame_top <= state.aside.outside;
}

// While one lives a signal's handler finds a thread that cannot append, and leaves the streams alone. seq_cst, both, a
// signal fence: its partner is that handler, on this thread.
class Busy {
 public:
  explicit Busy(ThreadState& state) noexcept : state_(state) {
    state_.busy = true;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Busy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    state_.busy = false;
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  ThreadState& state_;
};

}  // namespace

// The frame moves first and comes back last: a handler in between is above it.
HandlerScope::HandlerScope() noexcept : frame_top_(gordian_rt_thread.frame_top) {
  if (!enabled()) {
    return;
  }
  interrupted_frame_ = *frame_top_;
  gordian_rt_thread.frame_top = frame_top_ + 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);  // partner: such a handler
  *frame_top_ = {};
  ThreadState& state = t_state;
  if (state.started && !state.busy) {
    const Busy busy(state);
    if (state.aside.handlers != 0 && frame_top_ <= state.aside.outside) {
      end_handlers(state);
    }
    if (++state.aside.handlers == 1) {
      begin_handler(state, frame_top_);
    }
    is_counted_ = true;
  }
}

HandlerScope::~HandlerScope() noexcept {
  if (!enabled() && !is_counted_) {
    gordian_rt_thread.frame_top = frame_top_;
    return;
  }
  ThreadState& state = t_state;
  if (is_counted_ && state.aside.handlers != 0) {  // 0: a fork
    const Busy busy(state);
    if (--state.aside.handlers == 0) {
      end_handlers(state);
    }
  }
  *frame_top_ = interrupted_frame_;
  gordian_rt_thread.frame_top = frame_top_;
  gordian_rt_thread.access_limit = nullptr;
}

bool is_in_handler() noexcept { return t_state.aside.handlers != 0; }

std::uint64_t* access_room(std::uint64_t words) noexcept {
  ThreadState& state = t_state;
  if (state.busy) {  // a signal handler inside an append: its accesses go nowhere, the cursor is kept for the owner
    if (holds(state.access, gordian_rt_thread.access_cursor)) {
      state.access.cursor = gordian_rt_thread.access_cursor;
    }
    return lend_scratch();
  }
  {
    const Busy busy(state);
    if (std::uint64_t* const begin = lend_again(state, words)) {
      return begin;
    }
    if (has_left_handlers(state)) {
      end_handlers(state);
    }
    recall_cursor(state);
  }
  if (!state.started && !state.ended) {
    start_unknown_thread();
  }
  const std::uint64_t depth = stack_depth(state.actor);
  if (depth == 0 || words > kMaxAppendWords) {  // a word names its site within a function: without one it means nothing
    return lend_scratch();
  }
  const Busy busy(state);
  take_in_aside(state);
  return lend_chunk(state, words, depth);
}

void publish_accesses(ThreadState& state) noexcept {
  const Busy busy(state);
  recall_cursor(state);
  take_in_aside(state);
  commit_words(state.access);
}

void end_accesses(ThreadState& state) noexcept {
  if (state.aside.handlers != 0) {
    const Busy busy(state);
    end_handlers(state);
  }
  publish_accesses(state);
  if (trace::ChunkHeader* const last = std::exchange(state.access.chunk, nullptr)) {
    g_ring.seal(last);
  }
  forget_accesses(state);
  if (AccessFilter* const filter = std::exchange(state.reduction.filter, nullptr)) {
    unmap_own(filter, sizeof(*filter));
  }
  if (state.aside.words.begin != nullptr) {
    unmap_own(state.aside.words.begin, kAsideWords * sizeof(std::uint64_t));
    state.aside.words = {};
  }
}

void forget_accesses(ThreadState& state) noexcept {
  state.access = Words{};
  state.reduction.done = nullptr;
  if (state.reduction.filter != nullptr) {
    state.reduction.filter->forget();
  }
  state.aside.handlers = 0;
  state.aside.words.cursor = state.aside.words.begin;
  gordian_rt_thread.access_cursor = t_scratch;
  gordian_rt_thread.access_limit = nullptr;
}

}  // namespace gordian::rt::record
