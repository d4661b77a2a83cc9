// SPDX-License-Identifier: Apache-2.0
// The lookout: a thread that runs no goroutine and looks every 5 ms for a worker that does not come back to its
// scheduler although work waits for it: its goroutine computes for long, or blocks in a call of the C library. Such a
// worker's turn is lent (sched/turns.h), so others run what is queued with it and fire the timers. Go's sysmon; but
// where Go preempts, the goroutine here goes on beside the others: nothing in C++ may be interrupted anywhere.
// [L1] A worker that was not given the CPU is not stuck: it must have used the processor, or sleep in the kernel. One
//      that computes is allowed twice the time for each turn that is lent already: a hundred goroutines that compute
//      for long do not become a hundred threads, and a hundred that spin until another one runs still get there.
// [L2] Main belongs on worker 0. If a goroutine there does not let go of it for 100 ms, another worker may run main
//      until that one comes back: better on another thread than never.
// [L3] Nothing on the hot path: a worker's progress is the counter that it keeps anyway. While all workers rest, the
//      lookout rests too; a program without goroutines and timers has none.
#pragma once

namespace gordian::rt::sched {

// Starts the thread, if there is none.
void start_lookout() noexcept;
void forget_lookout() noexcept;  // in the child of a fork

}  // namespace gordian::rt::sched
