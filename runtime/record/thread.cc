// SPDX-License-Identifier: Apache-2.0
// Threads as streams: registration, the end, and who runs where. The thread block that instrumented code writes to is
// valid from the first instruction on: its frame pointer starts in the boot frames (a relocation in the TLS image), its
// cursor at null, which sends the first access to the slow path.
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/record/access_stream.h"
#include "runtime/record/recorder.h"
#include "runtime/record/restart.h"
#include "runtime/record/ring.h"
#include "runtime/record/thread_state.h"

namespace gordian::rt::record {

namespace {

std::atomic<std::uint32_t> g_last_stream{0};

void run(ThreadState& state, Actor* actor) noexcept {
  state.actor = actor;
  state.sync.known.forget();
  state.access.known.forget();
  if (actor == nullptr) {
    gordian_rt_thread.frame_top = g_boot_frames;
    return;
  }
  gordian_rt_thread.frame_top = actor->frames == nullptr ? g_boot_frames : actor->frame_top;
  ++actor->run;
  emit(trace::Switch{.actor = actor->id.value, .run = actor->run, .cycles = enabled() ? cycles() : 0});
}

}  // namespace

constinit __thread ThreadState t_state;
constinit gordian_rt_frame g_boot_frames[kBootFrames] = {};

void start_thread(Actor* actor) noexcept {
  ThreadState& state = t_state;
  state.started = true;
  state.ended = false;
  if (actor != nullptr && actor->frame_top == nullptr) {
    actor->frame_top = actor->frames;
  }
  if (enabled()) {
    // relaxed: only uniqueness matters.
    state.stream = g_last_stream.fetch_add(1, std::memory_order_relaxed) + 1;
    const auto tid = static_cast<std::uint64_t>(syscall(SYS_gettid));
    emit(trace::ThreadStart{.actor = actor == nullptr ? 0 : actor->id.value, .tid = tid});
  }
  run(state, actor);
}

Actor* start_own_thread(ActorId id, gordian_rt_frame* frames) noexcept {
  ThreadState& state = t_state;
  state.own_actor = Actor{.id = id, .frames = frames, .frame_top = frames};
  start_thread(&state.own_actor);
  return &state.own_actor;
}

void start_unknown_thread() noexcept { start_own_thread(new_actor_id(), nullptr); }

void end_thread() noexcept {
  ThreadState& state = t_state;
  if (!state.started) {
    return;
  }
  emit(trace::ThreadEnd{});
  if (enabled()) {
    end_accesses(state);
    end_events(state);
  }
  state.started = false;
  state.ended = true;
  state.actor = nullptr;
  gordian_rt_thread.frame_top = g_boot_frames;
}

void switch_actor(Actor* from, Actor* to) noexcept {
  if (from != nullptr && from->frames != nullptr) {
    from->frame_top = gordian_rt_thread.frame_top;
  }
  run(t_state, to);
}

Actor* current_actor() noexcept { return t_state.actor; }

void publish() noexcept {
  if (enabled() && t_state.started && !t_state.busy) {  // busy: a signal handler inside an append
    publish_accesses(t_state);
  }
}

Internal::Internal() noexcept { ++t_state.internal; }
Internal::~Internal() noexcept { --t_state.internal; }
bool is_internal() noexcept { return t_state.internal != 0; }

// relaxed: one thread is left.
void forget_streams() noexcept { g_last_stream.store(0, std::memory_order_relaxed); }

}  // namespace gordian::rt::record

extern "C" {
// Defined here and not in runtime/hooks: the recorder owns the block, hooks only name functions.
__attribute__((visibility("default"), tls_model("initial-exec"))) __thread gordian_rt_thread_block gordian_rt_thread = {
    .access_cursor = nullptr,
    .access_limit = nullptr,
    .frame_top = gordian::rt::record::g_boot_frames,
    .recorder = nullptr,
    .worker = nullptr,
    .reserved = {},
    .foreign = nullptr,
};
}
