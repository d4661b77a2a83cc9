// SPDX-License-Identifier: Apache-2.0
// Order through descriptors: what happens before a write (shutdown, close) happens before the read that sees it. Nobody
// can tell which write's bytes a read got, so a read is ordered after all writes before it to the same channel of
// bytes: some pairs are ordered that need not be, never the other way round (ThreadSanitizer's descriptors: one for all
// sockets; here one for each connection).
//
// [D1] Both ends have one key. A pipe: its inode. A connection over streams: its two addresses, without their order.
//      Where both ends' names are equal for several (connections to one name of the unix family; a socketpair has no
//      names at all), they share a key; so do all datagrams, all sockets whose connection nobody knew, all eventfds.
// [D2] A socket has one key for life: it is kept by the kernel's cookie, because a connection that both sides closed
//      has forgotten its addresses while there is still something to read.
// [D3] Keys are places in an array that nobody uses otherwise; two that fall on one place order too much.
//
// Each is a load and a branch while nothing is recorded, and keeps errno.
#pragma once

#include <sys/socket.h>

#include "runtime/record/recorder.h"

namespace gordian::rt::record {

void note_descriptor_release_enabled(int descriptor) noexcept;
void note_descriptor_acquire_enabled(int descriptor) noexcept;
void note_connect_enabled(const sockaddr* address, socklen_t bytes) noexcept;
void note_accept_enabled(int accepted) noexcept;

// Before a write, a shutdown or a close.
inline void note_descriptor_release(int descriptor) noexcept {
  if (enabled()) {
    note_descriptor_release_enabled(descriptor);
  }
}
// After a read that got something or saw the end.
inline void note_descriptor_acquire(int descriptor) noexcept {
  if (enabled()) {
    note_descriptor_acquire_enabled(descriptor);
  }
}
// Before a connect; after the accept that took a connection to the same address.
inline void note_connect(const sockaddr* address, socklen_t bytes) noexcept {
  if (enabled()) {
    note_connect_enabled(address, bytes);
  }
}
inline void note_accept(int accepted) noexcept {
  if (enabled()) {
    note_accept_enabled(accepted);
  }
}

}  // namespace gordian::rt::record
