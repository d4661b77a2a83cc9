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
#include <link.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/atomics_inside.h"
#include "runtime/record/order_note.h"
#include "runtime/record/recorder.h"
#include "runtime/record/units.h"

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

// Libraries without instrumentation whose synchronisation is known all the same: intercept replaces what the C library
// offers, and the language's runtime libraries build on that and on atomics in their headers.
bool is_understood(const char* path) noexcept {
  constexpr const char* kNames[] = {"libc.so",      "libm.so",   "libpthread.so", "libdl.so",         "librt.so",
                                    "libstdc++.so", "libgcc_s.", "ld-linux",      "libgordian_rt.so", "linux-vdso"};
  const char* slash = std::strrchr(path, '/');
  const char* name = slash == nullptr ? path : slash + 1;
  for (const char* known : kNames) {
    if (std::strncmp(name, known, std::strlen(known)) == 0) {
      return true;
    }
  }
  return *name == '\0';  // the program itself
}

bool is_instrumented(std::uintptr_t begin, std::uintptr_t end) noexcept {
  for (const auto& slot : record::g_units) {
    // acquire: pairs with remember_unit().
    const auto unit = reinterpret_cast<std::uintptr_t>(slot.load(std::memory_order_acquire));
    if (unit >= begin && unit < end) {
      return true;
    }
  }
  return false;
}

struct Question {
  std::uintptr_t address = 0;
  bool foreign = false;
};

int answer(dl_phdr_info* info, std::size_t, void* argument) noexcept {
  auto& question = *static_cast<Question*>(argument);
  std::uintptr_t begin = ~std::uintptr_t{0};
  std::uintptr_t end = 0;
  for (ElfW(Half) index = 0; index < info->dlpi_phnum; ++index) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[index];
    if (segment.p_type == PT_LOAD) {
      const std::uintptr_t low = info->dlpi_addr + segment.p_vaddr;
      begin = low < begin ? low : begin;
      end = low + segment.p_memsz > end ? low + segment.p_memsz : end;
    }
  }
  if (question.address < begin || question.address >= end) {
    return 0;
  }
  question.foreign = !is_understood(info->dlpi_name) && !is_instrumented(begin, end);
  return 1;
}

std::uint8_t kind_of(const void* callee) noexcept {
  const int saved = errno;
  Question question{reinterpret_cast<std::uintptr_t>(callee)};
  dl_iterate_phdr(answer, &question);
  errno = saved;
  return question.foreign ? GORDIAN_RT_CALLEE_FOREIGN : GORDIAN_RT_CALLEE_OWN;
}

}  // namespace

}  // namespace gordian::rt

void gordian_rt_foreign_call(uint8_t* kind, const void* callee, gordian_rt_foreign* call) noexcept {
  using namespace gordian::rt;
  // relaxed: everyone who asks gets the same answer; partner: the load before and behind each call.
  std::atomic_ref<std::uint8_t> known(*kind);
  if (known.load(std::memory_order_relaxed) == GORDIAN_RT_CALLEE_UNKNOWN) {
    known.store(record::enabled() ? kind_of(callee) : std::uint8_t{GORDIAN_RT_CALLEE_OWN}, std::memory_order_relaxed);
  }
  if (known.load(std::memory_order_relaxed) == GORDIAN_RT_CALLEE_FOREIGN) {
    release(*call);
    gordian_rt_thread.foreign = call;
  }
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
