// SPDX-License-Identifier: Apache-2.0
#include "runtime/intercept/sleepers.h"

#include <algorithm>
#include <limits>
#include <mutex>

namespace gordian::rt::intercept {

Sleeper::Sleeper(const void* address, trace::ObjectKind kind) noexcept : entry_(recorded_lock(address)) {
  if (entry_ != nullptr) {
    id_ = id_for_wait(*entry_, kind);
    const std::lock_guard guard(entry_->guard);
    ++entry_->waiting;
  }
}

Sleeper::~Sleeper() {
  if (entry_ == nullptr) {
    return;
  }
  const std::lock_guard guard(entry_->guard);
  if (entry_->waiting == 0) {
    return;  // destroyed since: whoever was signalled may still be on its way out
  }
  --entry_->waiting;
  const bool ends_signal = entry_->signalled > (by_itself_ ? entry_->waiting : 0);
  if (ends_signal) {
    --entry_->signalled;
    record::emit(trace::CondWait{.object = entry_->id, .ticket = ++entry_->ticket});
  }
}

void note_wake(const void* address, trace::ObjectKind kind, std::uint32_t most, Unheard unheard) noexcept {
  LockEntry* entry = recorded_lock(address);
  if (entry == nullptr) {
    return;
  }
  const std::uint64_t id = identify(*entry, kind);
  const std::lock_guard guard(entry->guard);
  const std::uint32_t asleep = entry->waiting - std::min(entry->waiting, entry->signalled);
  const std::uint32_t woken = std::min(asleep, most);
  if (woken == 0 && unheard == Unheard::untold) {
    return;
  }
  const bool all = most == std::numeric_limits<std::uint32_t>::max();
  entry->signalled += woken;
  record::emit(trace::CondSignal{.object = id, .ticket = ++entry->ticket, .all = all ? 1u : 0u, .woken = woken});
}

}  // namespace gordian::rt::intercept
