// SPDX-License-Identifier: Apache-2.0
// epoll, and the thread that waits in it. Nothing of it exists before somebody waits for a descriptor.
//
// [P1] A registration is made for one wait, and the event that ends the wait disables it (EPOLLONESHOT): a descriptor
//      that nobody waits for wakes nobody. Go registers once, edge-triggered, and remembers the edges; it can, because
//      its descriptors are its own. Here they are numbers, which anybody may close and get again: registering at each
//      wait finds out, the kernel looks at the file's state itself, and so no readiness has to be remembered or lost.
// [P2] Events name numbers. One that comes late, for a file that has gone, wakes who waits for its successor: he tries
//      again and waits on.
#pragma once

#include <cstdint>

namespace gordian::rt::io {

// One event of these (EPOLLIN, EPOLLOUT) will be reported for the descriptor, at once if it is ready. 0, or errno:
// EPERM for files, which are always ready. Called under the descriptor's guard, so that interests do not overwrite each
// other.
int arm(int descriptor, std::uint32_t events) noexcept;
// In the child of a fork: epoll and its thread are the parent's.
void forget_poller() noexcept;

}  // namespace gordian::rt::io
