// SPDX-License-Identifier: Apache-2.0
// Signals that are sent and taken: who takes one with sigwait, reads it from a signalfd or handles it is ordered after
// all who sent one before, set a clock that sends one, or installed a handler. One key for all signals: a taker cannot
// tell whose it got.
#pragma once

namespace gordian::rt::intercept {

void note_signal_sent() noexcept;   // before it is
void note_signal_taken() noexcept;  // after it was

// After a read from a descriptor that got something: if it is a signalfd, signals were taken.
void note_signals_read(int descriptor) noexcept;

}  // namespace gordian::rt::intercept
