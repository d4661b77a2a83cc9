// SPDX-License-Identifier: Apache-2.0
// What the runtime calls to record: one emit() per event, under the lock that makes the operation atomic, so that
// tickets are plain counters and a committed trace has no gaps. Everything here is noexcept, allocates nothing, keeps
// errno, and is a load and a branch when nothing is recorded.
//
// Order of an operation:  take effect under the object's lock; ++ticket; emit(event)  (commit is part of emit);
// release. A releasing operation (unlock, send, done) is emitted before it becomes visible to others.
#pragma once

#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/base/ids.h"
#include "runtime/trace/encode.h"
#include "runtime/trace/event.h"

namespace gordian::rt::record {

// The recording state of a goroutine or thread, embedded in its descriptor. Owner: whoever runs it.
struct Actor {
  ActorId id{};
  std::uint64_t run = 0;  // times it has been put on a CPU
  gordian_rt_frame* frames =
      nullptr;  // shadow stack (shadow_stack.h), grows upwards; null = none: its stack is unknown
  gordian_rt_frame* frame_top = nullptr;  // saved while the actor is not running
  std::uint64_t children = 0;             // how many it created: the last child's ordinal
};

// Is anything recorded in this process? Decided at start (and by a fork in the child: never there), constant after.
extern bool g_enabled;
inline bool enabled() noexcept { return __builtin_expect(g_enabled, 0); }

// Fresh ids, from per-thread batches. Actors: main is ActorId{1} by decree, the others begin at 2.
ActorId new_actor_id() noexcept;
ObjectId new_object_id() noexcept;

// In the child of a fork: the ids up to this one are the parent's, and mean nothing in the child's trace. Else 0.
// Changes only in a fork, like g_enabled.
extern std::uint64_t g_inherited_objects;
inline bool is_introduced(std::uint64_t object) noexcept { return object > g_inherited_objects; }

// Called on a thread before its first event and after its last; thread's own actor runs on it. Emits ThreadStart and
// the first Switch. Called for main by boot, for other threads by intercept, for workers (with no actor) by sched.
// After end_thread() nothing that the thread does is recorded.
void start_thread(Actor* actor) noexcept;
void end_thread() noexcept;

// Registers the calling thread with an actor of its own, kept in the thread's static block: plain threads. The frames
// are its shadow stack (null: unknown).
Actor* start_own_thread(ActorId id, gordian_rt_frame* frames) noexcept;

// The calling thread stops running `from` (may be null) and runs `to` (null: the scheduler, which records nothing).
// Saves and restores the shadow stacks; with `to`: ++to->run and emits Switch. Call it on either side of the machine
// switch, as long as no instrumented code runs in between.
void switch_actor(Actor* from, Actor* to) noexcept;

// The actor that runs on this thread, or null.
Actor* current_actor() noexcept;

// While one lives on a thread, that thread's calls into replaced functions of the C library (malloc, pthread_create)
// are the runtime's own: they pass through and record nothing. Not for code that may switch goroutines.
class Internal {
 public:
  Internal() noexcept;
  ~Internal() noexcept;
  Internal(const Internal&) = delete;
  Internal& operator=(const Internal&) = delete;
};
bool is_internal() noexcept;

// While one lives on a thread, a signal handler runs there. Its frames and accesses keep clear of what the interrupted
// code may be in the middle of writing. A handler that is left by a long jump has ended when the code next asks for
// room at the depth that was interrupted, or above. What a handler accesses is lost if it ends the process, or if
// handlers access very much before the interrupted code accesses anything itself.
class HandlerScope {
 public:
  HandlerScope() noexcept;
  ~HandlerScope() noexcept;
  HandlerScope(const HandlerScope&) = delete;
  HandlerScope& operator=(const HandlerScope&) = delete;

 private:
  gordian_rt_frame* frame_top_;
  gordian_rt_frame interrupted_frame_{};  // may be half written; the handler's stack shows an unknown one instead
  bool is_counted_ = false;
};

// Does a HandlerScope live on this thread?
bool is_in_handler() noexcept;

// Publishes what the calling thread has appended. Called before a thread parks.
void publish() noexcept;

// Room for `bytes` in the thread's sync chunk; writes the stack delta first if `with_stack`, and returns in `site` the
// innermost frame's current call site. commit() publishes up to `end` and closes the segment.
std::uint8_t* reserve(std::size_t bytes, bool with_stack, std::uint64_t* site) noexcept;
void commit(std::uint8_t* end) noexcept;

template <class Event>
void emit_enabled(Event event) noexcept {
  std::uint64_t site = 0;
  std::uint8_t* out = reserve(trace::encoded_bound(event), trace::HasSite<Event>, &site);
  if (out == nullptr) {
    return;  // lost, and counted by reserve()
  }
  if constexpr (trace::HasSite<Event>) {
    if (event.site == 0) {
      event.site = site;
    }
  }
  commit(trace::encode(out, event));
}

// The same with the event's own site, be it 0: atomics count access sites, not calls.
template <class Event>
void emit_at_site(const Event& event) noexcept {
  std::uint64_t call_site = 0;
  if (std::uint8_t* out = reserve(trace::encoded_bound(event), true, &call_site)) {
    commit(trace::encode(out, event));
  }
}

// Records one event of the calling thread.
template <class Event>
inline void emit(const Event& event) noexcept {
  if (enabled()) {
    emit_enabled(event);
  }
}

// Is this thread able to write an event, or would it be lost? It is not in a signal handler that interrupted an append.
bool can_emit() noexcept;
// One that could not be written where it happened.
void lose_event() noexcept;
// The thread has run out of stack, inside the recorder perhaps, and will not go on there: what it was about to write is
// given up, so that its last events can be written.
void abandon_append() noexcept;

// The cycle counter, for Block and Switch events.
inline std::uint64_t cycles() noexcept { return __builtin_ia32_rdtsc(); }

// The program ends: writes Exit (the first caller's, once) and publishes. A child of vfork, which shares our memory,
// writes nothing. has_exited: then what follows is the process's own tidying up.
void record_exit(int status, bool main_returned) noexcept;
bool has_exited() noexcept;

// Lifetime of memory, split at stripe borders, each piece with a ticket of its stripe: free before the release, alloc
// after the acquisition.
void alloc(std::uintptr_t address, std::size_t bytes, trace::MemoryKind kind) noexcept;
void free(std::uintptr_t address, std::size_t bytes, trace::MemoryKind kind) noexcept;
// Called before every Free from now on: what lay in the memory ends with it. Set once, before there are threads.
using FreeFollower = void(std::uintptr_t address, std::size_t bytes) noexcept;
void follow_frees(FreeFollower* follower) noexcept;
// The calling thread's thread-local variables, those of libraries that were loaded at the program's start included. For
// threads that run goroutines: several actors use them there, one after the other.
void alloc_thread_locals() noexcept;

}  // namespace gordian::rt::record
