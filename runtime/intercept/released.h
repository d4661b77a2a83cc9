// SPDX-License-Identifier: Apache-2.0
// The mutex of a wait on a condition: given back for the wait and held again afterwards, also if the thread is
// cancelled in it.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "runtime/intercept/lock_table.h"

namespace gordian::rt::intercept {

class Released {
 public:
  explicit Released(pthread_mutex_t* mutex) noexcept;
  ~Released();
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  LockEntry* entry_;
  std::uint32_t depth_ = 0;
};

}  // namespace gordian::rt::intercept
