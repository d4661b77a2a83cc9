// SPDX-License-Identifier: Apache-2.0
// Around a call of the C library that may block: the thread's row in the wait table, Block before, Ready and Switch
// after, also if the thread is cancelled in between. A thread that the table does not know waits unseen.
#pragma once

#include <cstdint>

#include "runtime/record/recorder.h"
#include "runtime/wait/table.h"

namespace gordian::rt::intercept {

class Waiting {
 public:
  // object 0, while something is recorded: it may be ended from outside of the process, so it must not look stuck.
  Waiting(trace::WaitReason reason, std::uint64_t object, const void* address) noexcept
      : row_((object == 0 && record::enabled()) || record::is_internal() ? nullptr : wait::current_row()) {
    if (row_ != nullptr) {
      wait::begin_outside_wait(*row_, reason, object, address);
    }
  }
  ~Waiting() {
    if (row_ != nullptr) {
      wait::end_outside_wait(*row_);
    }
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  wait::Row* row_;
};

}  // namespace gordian::rt::intercept
