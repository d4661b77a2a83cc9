// SPDX-License-Identifier: Apache-2.0
// What the recorder keeps per OS thread: its stream's two chunk families, the actor that runs on it, batches of ids. It
// lives in the thread's static TLS block, zero at the start; only its own thread touches it. A function that holds a
// reference to it must not switch goroutines: afterwards it might run on another thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/record/access_filter.h"
#include "runtime/record/recorder.h"
#include "runtime/record/stack_delta.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::rt::record {

// One family of the stream: the chunk that is being filled. Unit: bytes for sync, words for access.
template <class Unit>
struct Filling {
  trace::ChunkHeader* chunk = nullptr;
  Unit* begin = nullptr;
  Unit* cursor = nullptr;  // access: saved only while the live cursor (gordian_rt_thread) is lent elsewhere
  Unit* end = nullptr;
  std::uint64_t sequence = 0;  // of the next chunk
  KnownStack known;
};

// The accesses of a signal handler, beside the chunk: the code that it interrupts may be about to store words at its
// own cursor, and to move that.
struct Aside {
  std::uint32_t handlers = 0;            // that run on the thread, one inside the other
  gordian_rt_frame* outside = nullptr;   // the frame that the outermost one must not touch
  std::uint64_t* interrupted = nullptr;  // the cursor then
  Filling<std::uint64_t> chunk;          // the thread's own meanwhile
  Filling<std::uint64_t> words;          // what the handlers have left, for the chunk
};

// Of the thread's access chunk, while the drainer is behind.
struct Reduction {
  AccessFilter* filter = nullptr;       // of the thread's life, from its first use on
  const std::uint64_t* done = nullptr;  // the chunk's words up to here have been through it; null: none has
  std::uint32_t pause = 0;              // chunks before the next attempt
  std::uint32_t next_pause = 1;         // if that is in vain, too
  std::uint32_t dropped = 0;            // chunks, as far as the filter has heard of it
};

struct IdBatch {
  std::uint64_t next = 0;
  std::uint64_t end = 0;
};

struct ThreadState {
  bool started = false;
  bool ended = false;  // the thread is on its last instructions: nothing is recorded any more
  bool busy = false;   // inside reserve..commit or the access slow path: a signal handler must not append
  std::uint32_t stream = 0;
  std::uint32_t internal = 0;   // depth of Internal scopes
  Actor* actor = nullptr;       // who runs here; null: the scheduler
  std::uint64_t events = 0;     // sync events of this stream so far: the next one's ordinal
  std::uint64_t marked = 0;     // the number that the last marker word carried
  std::uint64_t lost_sync = 0;  // since the last Loss event
  Filling<std::uint8_t> sync;
  Filling<std::uint64_t> access;
  Reduction reduction;
  Aside aside;
  IdBatch actor_ids;
  IdBatch object_ids;
  Actor own_actor;  // of main and of plain threads
};

// initial-exec: one segment-relative access; the library is loaded with the program, never by dlopen.
extern __attribute__((tls_model("initial-exec"))) __thread ThreadState t_state;

// Frames of a thread that has no shadow stack of its own: memory that instrumented code may write, and nobody reads. As
// many as a machine stack of 16 MiB can hold; zero pages until touched, shared by all who have nothing better.
inline constexpr std::size_t kBootFrames = (std::size_t{16} << 20) / 16;
extern gordian_rt_frame g_boot_frames[kBootFrames];
inline bool is_boot_frame(const gordian_rt_frame* frame) noexcept {
  return frame >= g_boot_frames && frame <= g_boot_frames + kBootFrames;
}

// How deep the running actor's shadow stack is; 0 if it has none.
inline std::uint64_t stack_depth(const Actor* actor) noexcept {
  if (actor == nullptr || actor->frames == nullptr) {
    return 0;
  }
  const gordian_rt_frame* top = gordian_rt_thread.frame_top;
  return top < actor->frames || is_boot_frame(top) ? 0 : static_cast<std::uint64_t>(top - actor->frames);
}

// A thread that nobody announced emits: it becomes a stream and an actor of its own, without a shadow stack.
void start_unknown_thread() noexcept;
// Gives the sync chunk to the drainer.
void end_events(ThreadState& state) noexcept;

}  // namespace gordian::rt::record
