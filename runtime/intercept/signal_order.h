// SPDX-License-Identifier: Apache-2.0
// Signals that are sent and waited for: who takes one with sigwait or reads it from a signalfd is ordered after all who
// sent one before. One key for all signals: a taker cannot tell whose it got. Handlers are not ordered after the
// sender.
#pragma once

namespace gordian::rt::intercept {

// After a read from a descriptor that got something: if it is a signalfd, signals were taken.
void note_signals_read(int descriptor) noexcept;

}  // namespace gordian::rt::intercept
