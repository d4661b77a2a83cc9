// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/attach.h"

#include <unistd.h>

#include <cerrno>

#include "runtime/record/recorder.h"
#include "runtime/record/restart.h"
#include "runtime/record/ring.h"

namespace gordian::rt::record {

bool g_enabled = false;

namespace {

std::atomic<bool> g_exited{false};

}  // namespace

bool lay_out_ring(int memfd, std::uint32_t chunk_count) noexcept {
  if (!g_ring.create(memfd, chunk_count)) {
    return false;
  }
  name_parent(*g_ring.header());
  return true;
}

void start_recording(pid_t drainer) noexcept {
  g_ring.set_drainer(drainer);
  g_enabled = true;
}

const char* program_path() noexcept { return g_enabled ? g_ring.header()->program : ""; }

void abandon_ring() noexcept { g_ring.unmap(); }

void record_exit(int status, bool main_returned) noexcept {
  const int saved = errno;
  // acq_rel: pairs with itself; one caller wins, and whoever sees true comes after it.
  if (enabled() && static_cast<std::uint32_t>(getpid()) == g_ring.header()->pid &&
      !g_exited.exchange(true, std::memory_order_acq_rel)) {
    emit(trace::Exit{.status = static_cast<std::uint64_t>(status & 0xff), .main_returned = main_returned});
    publish();
  }
  errno = saved;
}

// relaxed: a hint for tidying up, on the thread that exits.
bool has_exited() noexcept { return g_exited.load(std::memory_order_relaxed); }

// relaxed: one thread is left.
void forget_exit() noexcept { g_exited.store(false, std::memory_order_relaxed); }

}  // namespace gordian::rt::record
