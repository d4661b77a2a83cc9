// SPDX-License-Identifier: Apache-2.0
// Plain threads. The child waits at a gate until its creator has written ThreadCreate and entered it into the table, so
// nothing of it can precede its creation; it ends in the last round of the thread's key destructors, after the
// destructors of the program's own thread-local objects.
#include <pthread.h>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <new>

#include "runtime/abi/hooks.h"
#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/thread_table.h"
#include "runtime/record/callee_kind.h"
#include "runtime/record/futex.h"
#include "runtime/record/recorder.h"
#include "runtime/record/shadow_stack.h"
#include "runtime/wait/threads.h"

extern "C" {
void* __libc_malloc(std::size_t bytes);
void __libc_free(void* block);
}

namespace gordian::rt::intercept {

namespace {

using Body = void* (*)(void*);

constinit Next<int(pthread_t*, const pthread_attr_t*, Body, void*)> g_create{"pthread_create"};
constinit Next<int(pthread_t, void**)> g_join{"pthread_join"};
constinit Next<int(pthread_t, void**)> g_try_join{"pthread_tryjoin_np"};
constinit Next<int(pthread_t, void**, const timespec*)> g_timed_join{"pthread_timedjoin_np"};
constinit Next<int(pthread_t, void**, clockid_t, const timespec*)> g_clock_join{"pthread_clockjoin_np"};

constinit Next<int(pthread_t)> g_detach{"pthread_detach"};

constinit ThreadTable g_threads;
constexpr ActorId kMain{1};  // one may wait for its end, but it has none that is recorded

// What the creator hands to the child, which frees it.
struct Start {
  Body body = nullptr;
  void* argument = nullptr;
  ActorId child{};
  ActorId creator{};
  std::atomic<std::uint32_t> open{0};
};

// What a thread must give back at its end. In its static block, so that nothing is allocated for it.
struct Own {
  std::uintptr_t stack = 0;
  std::size_t stack_bytes = 0;
  gordian_rt_frame* frames = nullptr;
};
__attribute__((tls_model("initial-exec"))) constinit __thread Own t_own;

pthread_key_t g_key;

// The C library calls destructors in rounds while a key is set again; ours acts in the last.
void leave_in_last_round(void* rounds_left) noexcept {
  const auto rounds = reinterpret_cast<std::uintptr_t>(rounds_left);
  if (rounds > 1) {
    pthread_setspecific(g_key, reinterpret_cast<void*>(rounds - 1));
    return;
  }
  tell_locks_held();
  wait::leave_thread();
  record::free(t_own.stack, t_own.stack_bytes, trace::MemoryKind::thread_stack);
  record::end_thread();
  record::release_frames(t_own.frames, t_own.stack_bytes);
}

__attribute__((constructor(102))) void make_key() noexcept {
  GORDIAN_CHECK(pthread_key_create(&g_key, leave_in_last_round) == 0);
  g_threads.put(pthread_self(), kMain);
}

void find_own_stack() noexcept {
  pthread_attr_t attributes;
  void* low = nullptr;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &low, &t_own.stack_bytes);
    pthread_attr_destroy(&attributes);
  }
  t_own.stack = reinterpret_cast<std::uintptr_t>(low);
}

void enter(const Start& start) noexcept {
  const record::Internal internal;
  find_own_stack();
  t_own.frames = record::allocate_frames(t_own.stack_bytes);
  // A foreign library may call the program on it. Where nothing foreign is below, the thread's creation is all the
  // order.
  static constinit gordian_rt_foreign unknown{};
  const auto* body = reinterpret_cast<const void*>(start.body);
  gordian_rt_thread.foreign = record::remembered_kind_of(body) == GORDIAN_RT_CALLEE_FOREIGN ? &unknown : nullptr;
  record::Actor* actor = record::start_own_thread(start.child, t_own.frames);
  wait::enter_thread(actor, start.creator);
  record::alloc(t_own.stack, t_own.stack_bytes, trace::MemoryKind::thread_stack);
  pthread_setspecific(g_key, reinterpret_cast<void*>(std::uintptr_t{PTHREAD_DESTRUCTOR_ITERATIONS}));
}

void* run(void* argument) {
  auto* start = static_cast<Start*>(argument);
  // acquire: pairs with the creator's release; its ThreadCreate and its entry in the table come first.
  while (start->open.load(std::memory_order_acquire) == 0) {
    record::futex_wait(start->open, 0, 1000);
  }
  enter(*start);
  const Body body = start->body;
  void* const body_argument = start->argument;
  __libc_free(start);
  return body(body_argument);
}

void open_gate(Start* start, pthread_t thread, bool detached) noexcept {
  g_threads.put(thread, start->child);
  if (record::Actor* creator = record::current_actor()) {
    record::emit(trace::ThreadCreate{.child = start->child.value, .ordinal = ++creator->children});
    if (detached) {
      record::emit(trace::ThreadDetach{.child = start->child.value});
    }
  }
  start->open.store(1, std::memory_order_release);  // the last touch: the child may free it from here on
  record::futex_wake_all(start->open);              // only an address to the kernel
}

bool starts_detached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  return attributes != nullptr && pthread_attr_getdetachstate(attributes, &state) == 0 &&
         state == PTHREAD_CREATE_DETACHED;
}

int create(pthread_t* thread, const pthread_attr_t* attributes, Body body, void* argument) noexcept {
  void* const memory = __libc_malloc(sizeof(Start));
  if (memory == nullptr) {
    return EAGAIN;
  }
  const record::Actor* creator = record::current_actor();
  auto* start = new (memory) Start{.body = body,
                                   .argument = argument,
                                   .child = record::new_actor_id(),
                                   .creator = creator == nullptr ? ActorId{} : creator->id};
  wait::thread_will_start();
  const int result = g_create(thread, attributes, run, static_cast<void*>(start));
  if (result != 0) {
    wait::thread_did_not_start();
    __libc_free(memory);
    return result;
  }
  open_gate(start, *thread, starts_detached(attributes));
  return 0;
}

// A join that may block; it ends also if the joiner is cancelled.
class Joining {
 public:
  explicit Joining(ActorId child) noexcept : child_(child) {
    if (child_) {
      wait::begin_join(child_);
    }
  }
  ~Joining() {
    if (child_) {
      wait::end_join();
    }
  }
  Joining(const Joining&) = delete;
  Joining& operator=(const Joining&) = delete;

 private:
  ActorId child_;
};

int joined(int result, ActorId child) noexcept {
  if (result == 0 && child && child != kMain) {
    record::emit(trace::ThreadJoin{.child = child.value});
  }
  return result;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                                    void* argument) noexcept {
  return gordian::rt::record::is_internal() ? g_create(thread, attributes, body, argument)
                                            : create(thread, attributes, body, argument);
}

// The actor is read before the join: afterwards the C library may give the value to another thread.
GORDIAN_REPLACES int pthread_join(pthread_t thread, void** result) {
  const gordian::ActorId child = gordian::rt::record::is_internal() ? gordian::ActorId{} : g_threads.get(thread);
  int status = 0;
  {
    const Joining joining(child);
    status = g_join(thread, result);
  }
  return joined(status, child);
}

GORDIAN_REPLACES int pthread_tryjoin_np(pthread_t thread, void** result) noexcept {
  const gordian::ActorId child = g_threads.get(thread);
  return joined(g_try_join(thread, result), child);
}

GORDIAN_REPLACES int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* deadline) {
  const gordian::ActorId child = g_threads.get(thread);
  return joined(g_timed_join(thread, result, deadline), child);
}

GORDIAN_REPLACES int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* deadline) {
  const gordian::ActorId child = g_threads.get(thread);
  return joined(g_clock_join(thread, result, clock, deadline), child);
}

GORDIAN_REPLACES int pthread_detach(pthread_t thread) noexcept {
  const gordian::ActorId child = gordian::rt::record::is_internal() ? gordian::ActorId{} : g_threads.get(thread);
  const int result = g_detach(thread);
  if (result == 0 && child && child != kMain && gordian::rt::record::current_actor() != nullptr) {
    gordian::rt::record::emit(gordian::trace::ThreadDetach{.child = child.value});
  }
  return result;
}
