// SPDX-License-Identifier: Apache-2.0
// A process that forks leaves a Fork event. The child leaves the parent's ring at once and, if a drainer takes it, goes
// on in a ring and a trace of its own. Ids and tickets go on counting: an object from before the fork gets a new id at
// its next use, with an Inherited event (wait/object.h), and the reader takes up its sequences where they are.
//
// Everything here runs between the fork and its return in the child, where what other threads had locked stays locked:
// nothing is allocated, no lock is taken that is not first taken from its owner, and of the C library only what may be
// called in a signal handler is.
#include "runtime/record/access_stream.h"
#include "runtime/record/attach.h"
#include "runtime/record/own_memory.h"
#include "runtime/record/recorder.h"
#include "runtime/record/restart.h"
#include "runtime/record/ring.h"
#include "runtime/record/thread_state.h"
#include "runtime/trace/file_layout.h"

namespace gordian::rt::record {

namespace {

// The thread's own: two threads that fork at once must not take each other's number.
__attribute__((tls_model("initial-exec"))) constinit __thread std::uint32_t t_fork = 0;
std::uint64_t g_parent_trace = 0;
std::uint32_t g_parent_fork = 0;
Ring::Mapping g_parent_ring;  // mapped until the child has tried to get one of its own

}  // namespace

void note_fork() noexcept {
  if (enabled()) {
    // relaxed: the number is unique, and the drainer reads the count after the process's end.
    t_fork = g_ring.header()->forks.fetch_add(1, std::memory_order_relaxed) + 1;
    emit(trace::Fork{.number = t_fork});
  }
}

void name_parent(trace::RingHeader& header) noexcept {
  header.parent_trace = g_parent_trace;
  header.parent_fork = g_parent_fork;
}

bool stop_in_child() noexcept {
  if (!g_enabled) {
    return false;
  }
  g_enabled = false;
  const trace::RingHeader& parent = *g_ring.header();
  g_parent_trace = trace::trace_identity(parent.start_realtime_ns, parent.start_cycles);
  g_parent_fork = t_fork;
  ThreadState& state = t_state;
  state.busy = false;
  state.sync = {};
  forget_accesses(state);
  g_parent_ring = g_ring.detach();
  return true;
}

void leave_parent(bool recorded) noexcept {
  if (!recorded) {
    // relaxed: a counter that the drainer reads after the parent's end.
    g_parent_ring.header->lost_children.fetch_add(1, std::memory_order_relaxed);
  }
  unmap_own(g_parent_ring.header, g_parent_ring.bytes);
}

void begin_in_child() noexcept {
  ThreadState& state = t_state;
  state.events = state.marked = state.lost_sync = 0;
  state.object_ids = {};
  if (Actor* const actor = state.actor) {
    actor->run = 0;
    actor->children = 0;
    if (actor->frames != nullptr) {
      actor->frame_top = gordian_rt_thread.frame_top;
    }
    start_thread(actor);
    alloc_thread_locals();
  }
}

void forget_parent() noexcept {
  forget_streams();
  forget_tables();
  forget_exit();
  forget_lifetime_locks();
  inherit_objects();
}

}  // namespace gordian::rt::record
