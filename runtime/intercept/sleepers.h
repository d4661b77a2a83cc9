// SPDX-License-Identifier: Apache-2.0
// Who waits to be woken: at a condition of the C library, at an atomic. Sleepers are counted, so that a wake-up can say
// how many it lets go: one that finds nobody explains a lost wake-up, and one that was given needs nobody any more.
// Which of them is woken cannot be known; whoever returns first takes the first wake-up on itself, so a CondWait names
// no signal, and nothing is ordered by it.
#pragma once

#include <cstdint>

#include "runtime/intercept/lock_table.h"

namespace gordian::rt::intercept {

// One who waits, from before it could be woken to after it came back.
class Sleeper {
 public:
  Sleeper(const void* address, trace::ObjectKind kind) noexcept;
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  // For a Block; 0 if nothing is recorded, or the wait may end from outside of the process.
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  // It came back although nobody woke it.
  void by_itself() noexcept { by_itself_ = true; }

 private:
  LockEntry* entry_;
  std::uint64_t id_ = 0;
  bool by_itself_ = false;
};

// Up to `most` are about to be woken. One that finds nobody asleep is told only if that says something.
enum class Unheard : std::uint8_t { told, untold };
void note_wake(const void* address, trace::ObjectKind kind, std::uint32_t most, Unheard unheard) noexcept;

}  // namespace gordian::rt::intercept
