// SPDX-License-Identifier: Apache-2.0
// Calls into libraries that were not compiled with the pass, and back. Such a library may order its callers by atomics
// in its own code: its locks, queues and events are opaque. So every object that is handed over is treated as if the
// library locked it: going in releases it, coming out acquires it.
//
//   instrumented code calls                releases the arguments
//   the call returns                       acquires them, and the pointer that it returned
//   the library calls instrumented code    acquires the callback's arguments and those of the call under way
//   the callback returns                   releases both
//
// Inline code of the library's header, compiled into the program, may release to an atomic in such an object what the
// library then acquires there: coming out acquires these as well.
//
// This never claims less order than a library makes through its arguments. Order through an object that is handed over
// on one side only stays unseen; races between two calls that share an argument are hidden.
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/atomics_inside.h"
#include "runtime/record/callee_kind.h"
#include "runtime/record/order_note.h"
#include "runtime/record/recorder.h"

namespace gordian::rt {

namespace {

// Objects are told apart by the address that stands for them here; two that share one are ordered too much.
constexpr std::size_t kPlaces = std::size_t{1} << 20;
char g_places[kPlaces] = {};  // only their addresses count: never touched, so never in memory

// Small integers are no objects.
constexpr std::uint64_t kFirstObject = 1 << 16;

const void* place_of(std::uint64_t key) noexcept { return &g_places[key * 0x9e3779b97f4a7c15u >> 44]; }

void release(const gordian_rt_foreign& call) noexcept {
  for (const std::uint64_t key : call.keys) {
    if (key >= kFirstObject) {
      record::note_added_release(place_of(key));
    }
  }
}

void acquire(const gordian_rt_foreign& call) noexcept {
  for (const std::uint64_t key : call.keys) {
    if (key >= kFirstObject) {
      record::note_acquire(place_of(key));
      note_atomics_inside(key);
    }
  }
}

void enter_foreign(gordian_rt_foreign* call) noexcept {
  release(*call);
  gordian_rt_thread.foreign = call;
}

}  // namespace

}  // namespace gordian::rt

void gordian_rt_foreign_call(uint8_t* kind, const void* callee, gordian_rt_foreign* call) noexcept {
  using namespace gordian::rt;
  // relaxed: everyone who asks gets the same answer; partner: the load before and behind each call.
  std::atomic_ref<std::uint8_t> known(*kind);
  if (known.load(std::memory_order_relaxed) == GORDIAN_RT_CALLEE_UNKNOWN) {
    known.store(record::enabled() ? record::kind_of(callee) : std::uint8_t{GORDIAN_RT_CALLEE_OWN},
                std::memory_order_relaxed);
  }
  if (known.load(std::memory_order_relaxed) == GORDIAN_RT_CALLEE_FOREIGN) {
    enter_foreign(call);
  }
}

uint32_t gordian_rt_foreign_pointer_call(const void* callee, gordian_rt_foreign* call) noexcept {
  using namespace gordian::rt;
  if (!record::enabled() || record::remembered_kind_of(callee) != GORDIAN_RT_CALLEE_FOREIGN) {
    return GORDIAN_RT_CALLEE_OWN;
  }
  enter_foreign(call);
  return GORDIAN_RT_CALLEE_FOREIGN;
}

void gordian_rt_foreign_return(const gordian_rt_foreign* call, const void* result) noexcept {
  using namespace gordian::rt;
  gordian_rt_thread.foreign = nullptr;
  acquire(*call);
  acquire({.keys = {reinterpret_cast<std::uintptr_t>(result)}});
}

void gordian_rt_foreign_enter(gordian_rt_foreign* outer, const gordian_rt_foreign* own) noexcept {
  using namespace gordian::rt;
  gordian_rt_thread.foreign = nullptr;
  acquire(*outer);
  acquire(*own);
}

void gordian_rt_foreign_leave(gordian_rt_foreign* outer, const gordian_rt_foreign* own) noexcept {
  using namespace gordian::rt;
  release(*own);
  release(*outer);
  gordian_rt_thread.foreign = outer;
}
