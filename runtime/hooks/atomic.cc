// SPDX-License-Identifier: Apache-2.0
// Atomics: instruction and ticket under the lock of the address's stripe, so that the tickets of a stripe are the order
// in which its atomics took effect. Stripes order the merge; they are never happens-before. A stripe is a cache line's
// worth of addresses, so overlapping atomics of different sizes share one.
#include <atomic>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/atomics_inside.h"
#include "runtime/hooks/fork.h"
#include "runtime/record/order_note.h"
#include "runtime/record/recorder.h"
#include "runtime/record/spin_lock.h"
#include "runtime/trace/event.h"

namespace gordian::rt {

namespace {

constexpr unsigned kStripeBytesLog2 = 6;
constexpr std::size_t kStripes = 4096;

struct alignas(64) Stripe {
  record::SpinLock lock;
  std::uint64_t ticket = 0;  // of the last atomic; guarded by the lock
};
constinit Stripe g_stripes[kStripes] = {};

// begin..end of this thread, one inside the other: the outermost tells. In a signal handler that interrupted an atomic
// the inner one is another, which is lost: waiting for the stripe could be waiting for ourselves.
__attribute__((tls_model("initial-exec"))) constinit __thread std::uint32_t t_depth = 0;

// seq_cst, both, a signal fence: its partner is a handler on this thread. Whoever holds a stripe has a depth, from
// before it waits until after it has let go.
bool enter_atomic() noexcept {
  const bool is_outermost = ++t_depth == 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return is_outermost;
}
void leave_atomic() noexcept {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  --t_depth;
}

std::size_t stripe_of(const void* address) noexcept {
  const std::uint64_t line = reinterpret_cast<std::uintptr_t>(address) >> kStripeBytesLog2;
  return (line ^ line >> 12) % kStripes;
}

trace::Atomic event_of(const void* address, std::uint32_t site, std::uint32_t info, bool success) noexcept {
  const std::uint32_t order = success ? info >> 8 & 0xff : info >> 16 & 0xff;
  const std::uint32_t op = success ? info & 0xff : static_cast<std::uint32_t>(trace::AtomicOp::load);
  const bool is_access = site != GORDIAN_RT_AT_CALL;
  return {.site = is_access ? site : 0,
          .address = reinterpret_cast<std::uintptr_t>(address),
          .size = is_access ? std::uint64_t{1} << (info >> 24) : 0,
          .op = op,
          .order = order};
}

void emit_atomic(const trace::Atomic& event) noexcept {
  event.size == 0 ? record::emit(event) : record::emit_at_site(event);
}

}  // namespace

void forget_atomic_owners() noexcept {
  t_depth = 0;
  for (Stripe& stripe : g_stripes) {
    if (stripe.ticket != 0 || stripe.lock.is_taken()) {  // pages that were never used stay so
      stripe.lock.forget_owner();
    }
  }
}

// The lock is waited for even where no atomic was ever used: one that has taken effect may not have its ticket yet.
void note_atomics_inside(std::uint64_t object) noexcept {
  constexpr std::uint64_t kReach = 64;
  constexpr std::uint64_t kStep = 4;  // the narrowest atomic that counts references
  if (!record::is_recorded()) {
    return;
  }
  if (enter_atomic() && record::can_emit()) {
    for (std::uint64_t at = object & ~(kStep - 1), end = at + kReach; at < end; at += kStep) {
      const std::size_t index = stripe_of(reinterpret_cast<const void*>(at));
      Stripe& stripe = g_stripes[index];
      stripe.lock.lock();
      if (stripe.ticket != 0) {
        emit_atomic({.address = at,
                     .op = static_cast<std::uint64_t>(trace::AtomicOp::load),
                     .order = static_cast<std::uint64_t>(trace::AtomicOrder::acquire),
                     .stripe = index,
                     .ticket = ++stripe.ticket});
      }
      stripe.lock.unlock();
    }
  } else if (record::is_in_handler()) {
    record::lose_event();
  }
  leave_atomic();
}

}  // namespace gordian::rt

void gordian_rt_atomic_begin(const void* address) noexcept {
  using namespace gordian::rt;
  if (record::enabled() && enter_atomic()) {
    g_stripes[stripe_of(address)].lock.lock();
  }
}

void gordian_rt_atomic_end(const void* address, uint32_t site, uint32_t info, uint32_t success) noexcept {
  using namespace gordian::rt;
  if (!record::enabled()) {
    return;
  }
  if (t_depth > 1) {
    if (record::is_in_handler()) {
      record::lose_event();
    }
    leave_atomic();
    return;
  }
  const std::size_t index = stripe_of(address);
  Stripe& stripe = g_stripes[index];
  if (record::can_emit()) {
    gordian::trace::Atomic event = event_of(address, site, info, success != 0);
    event.stripe = index;
    event.ticket = ++stripe.ticket;
    emit_atomic(event);
  } else {  // takes no ticket: the stripe's others go on
    record::lose_event();
  }
  stripe.lock.unlock();
  leave_atomic();
}

void gordian_rt_fence(uint32_t order) noexcept { gordian::rt::record::emit(gordian::trace::Fence{.order = order}); }
