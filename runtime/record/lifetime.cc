// SPDX-License-Identifier: Apache-2.0
// When memory begins and ends: Alloc after the acquisition, Free before the release, cut at the borders of 64 MiB
// stripes, each piece with the next ticket of its stripe. The ticket orders the old owner's free before the new owner's
// alloc in the merge, although the two threads share nothing else.
#include <algorithm>

#include "runtime/record/recorder.h"
#include "runtime/record/restart.h"
#include "runtime/record/spin_lock.h"
#include "runtime/record/thread_state.h"

namespace gordian::rt::record {

namespace {

constexpr std::size_t kStripes = (trace::kAddressMask + 1) / trace::kStripeBytes;
constexpr std::size_t kLocks = 256;

// One counter per stripe of the address space: 16 MiB of zero pages, of which a program touches a few.
constinit std::uint64_t g_tickets[kStripes] = {};
constinit SpinLock g_locks[kLocks] = {};
constinit FreeFollower* g_follower = nullptr;

template <class Event>
void emit_pieces(std::uintptr_t address, std::size_t bytes, trace::MemoryKind kind) noexcept {
  while (bytes != 0) {
    const std::uint64_t stripe = (address & trace::kAddressMask) / trace::kStripeBytes;
    const std::uintptr_t border = (address | (trace::kStripeBytes - 1)) + 1;
    const std::size_t piece = std::min<std::size_t>(bytes, border - address);
    SpinLock& lock = g_locks[stripe % kLocks];
    lock.lock();
    const std::uint64_t ticket = ++g_tickets[stripe];
    emit_enabled(Event{.address = address,
                       .size = piece,
                       .kind = static_cast<std::uint64_t>(kind),
                       .stripe = stripe,
                       .ticket = ticket});
    lock.unlock();
    address += piece;
    bytes -= piece;
  }
}

// Not on a thread's last instructions, where the C library tidies up, nor inside an append (a signal handler): the lock
// might be held by ourselves.
bool records_lifetimes() noexcept { return enabled() && !t_state.ended && !t_state.busy; }

}  // namespace

void alloc(std::uintptr_t address, std::size_t bytes, trace::MemoryKind kind) noexcept {
  if (records_lifetimes()) {
    emit_pieces<trace::Alloc>(address, bytes, kind);
  }
}

void follow_frees(FreeFollower* follower) noexcept { g_follower = follower; }

void free(std::uintptr_t address, std::size_t bytes, trace::MemoryKind kind) noexcept {
  if (records_lifetimes()) {
    if (g_follower != nullptr) {
      g_follower(address, bytes);
    }
    emit_pieces<trace::Free>(address, bytes, kind);
  }
}

void forget_lifetime_locks() noexcept {
  for (SpinLock& lock : g_locks) {
    lock.forget_owner();
  }
}

}  // namespace gordian::rt::record
