// SPDX-License-Identifier: Apache-2.0
// Bytes that go through descriptors order threads (record/descriptor_order.h): every call that hands bytes on, or ends
// the stream of them, is a release before it is made; every call that got bytes or saw the end is an acquisition
// afterwards. Whoever calls: std::filebuf comes by here too, the C library's own streams do not (stdio.cc). Which
// memory is read and written is told by instrumented code alone. The checked forms stand for _FORTIFY_SOURCE.
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/intercept/next.h"
#include "runtime/intercept/signal_order.h"
#include "runtime/record/descriptor_order.h"

namespace gordian::rt::intercept {

namespace {

template <class Result>
Result received(int descriptor, Result result) noexcept {
  if (result >= 0) {
    record::note_descriptor_acquire(descriptor);
    note_signals_read(descriptor);
  }
  return result;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

// Each finds the function that it stands in front of at its first call.
#define RECEIVES(result, name, parameters, arguments)     \
  GORDIAN_REPLACES result name parameters {               \
    static constinit Next<result parameters> next{#name}; \
    return received(descriptor, next arguments);          \
  }
#define SENDS(result, name, parameters, arguments)            \
  GORDIAN_REPLACES result name parameters {                   \
    static constinit Next<result parameters> next{#name};     \
    gordian::rt::record::note_descriptor_release(descriptor); \
    return next arguments;                                    \
  }

RECEIVES(ssize_t, read, (int descriptor, void* to, size_t bytes), (descriptor, to, bytes))
RECEIVES(ssize_t, __read_chk, (int descriptor, void* to, size_t bytes, size_t room), (descriptor, to, bytes, room))
RECEIVES(ssize_t, pread, (int descriptor, void* to, size_t bytes, off_t at), (descriptor, to, bytes, at))
RECEIVES(ssize_t, pread64, (int descriptor, void* to, size_t bytes, off64_t at), (descriptor, to, bytes, at))
RECEIVES(ssize_t, __pread_chk, (int descriptor, void* to, size_t bytes, off_t at, size_t room),
         (descriptor, to, bytes, at, room))
RECEIVES(ssize_t, __pread64_chk, (int descriptor, void* to, size_t bytes, off64_t at, size_t room),
         (descriptor, to, bytes, at, room))
RECEIVES(ssize_t, readv, (int descriptor, const iovec* to, int count), (descriptor, to, count))
RECEIVES(ssize_t, preadv, (int descriptor, const iovec* to, int count, off_t at), (descriptor, to, count, at))
RECEIVES(ssize_t, preadv64, (int descriptor, const iovec* to, int count, off64_t at), (descriptor, to, count, at))
RECEIVES(ssize_t, recv, (int descriptor, void* to, size_t bytes, int flags), (descriptor, to, bytes, flags))
RECEIVES(ssize_t, __recv_chk, (int descriptor, void* to, size_t bytes, size_t room, int flags),
         (descriptor, to, bytes, room, flags))
RECEIVES(ssize_t, recvfrom, (int descriptor, void* to, size_t bytes, int flags, sockaddr* from, socklen_t* length),
         (descriptor, to, bytes, flags, from, length))
RECEIVES(ssize_t, __recvfrom_chk,
         (int descriptor, void* to, size_t bytes, size_t room, int flags, sockaddr* from, socklen_t* length),
         (descriptor, to, bytes, room, flags, from, length))
RECEIVES(ssize_t, recvmsg, (int descriptor, msghdr* to, int flags), (descriptor, to, flags))
RECEIVES(int, recvmmsg, (int descriptor, mmsghdr* to, unsigned count, int flags, timespec* timeout),
         (descriptor, to, count, flags, timeout))
RECEIVES(int, eventfd_read, (int descriptor, eventfd_t* value), (descriptor, value))

SENDS(ssize_t, write, (int descriptor, const void* from, size_t bytes), (descriptor, from, bytes))
SENDS(ssize_t, pwrite, (int descriptor, const void* from, size_t bytes, off_t at), (descriptor, from, bytes, at))
SENDS(ssize_t, pwrite64, (int descriptor, const void* from, size_t bytes, off64_t at), (descriptor, from, bytes, at))
SENDS(ssize_t, writev, (int descriptor, const iovec* from, int count), (descriptor, from, count))
SENDS(ssize_t, pwritev, (int descriptor, const iovec* from, int count, off_t at), (descriptor, from, count, at))
SENDS(ssize_t, pwritev64, (int descriptor, const iovec* from, int count, off64_t at), (descriptor, from, count, at))
SENDS(ssize_t, send, (int descriptor, const void* from, size_t bytes, int flags), (descriptor, from, bytes, flags))
SENDS(ssize_t, sendto,
      (int descriptor, const void* from, size_t bytes, int flags, const sockaddr* to, socklen_t length),
      (descriptor, from, bytes, flags, to, length))
SENDS(ssize_t, sendmsg, (int descriptor, const msghdr* from, int flags), (descriptor, from, flags))
SENDS(int, sendmmsg, (int descriptor, mmsghdr* from, unsigned count, int flags), (descriptor, from, count, flags))
SENDS(int, eventfd_write, (int descriptor, eventfd_t value), (descriptor, value))
SENDS(int, shutdown, (int descriptor, int how) noexcept, (descriptor, how))
SENDS(int, timerfd_settime, (int descriptor, int flags, const itimerspec* time, itimerspec* before) noexcept,
      (descriptor, flags, time, before))

#define SENDS_A_FILE(name, offset)                                                     \
  GORDIAN_REPLACES ssize_t name(int to, int from, offset* at, size_t bytes) noexcept { \
    static constinit Next<ssize_t(int, int, offset*, size_t)> next{#name};             \
    gordian::rt::record::note_descriptor_release(to);                                  \
    return received(from, next(to, from, at, bytes));                                  \
  }
SENDS_A_FILE(sendfile, off_t)
SENDS_A_FILE(sendfile64, off64_t)

// The last copy of an end of a pipe or connection that goes is the end of its bytes.
SENDS(int, close, (int descriptor), (descriptor))

GORDIAN_REPLACES int dup2(int from, int descriptor) noexcept {
  static constinit Next<int(int, int)> next{"dup2"};
  gordian::rt::record::note_descriptor_release(descriptor);
  return next(from, descriptor);
}
GORDIAN_REPLACES int dup3(int from, int descriptor, int flags) noexcept {
  static constinit Next<int(int, int, int)> next{"dup3"};
  gordian::rt::record::note_descriptor_release(descriptor);
  return next(from, descriptor, flags);
}

GORDIAN_REPLACES int connect(int descriptor, const sockaddr* address, socklen_t length) {
  static constinit Next<int(int, const sockaddr*, socklen_t)> next{"connect"};
  gordian::rt::record::note_connect(address, length);
  return next(descriptor, address, length);
}

GORDIAN_REPLACES int accept(int descriptor, sockaddr* address, socklen_t* length) {
  static constinit Next<int(int, sockaddr*, socklen_t*)> next{"accept"};
  const int accepted = next(descriptor, address, length);
  if (accepted >= 0) {
    gordian::rt::record::note_accept(accepted);
  }
  return accepted;
}
GORDIAN_REPLACES int accept4(int descriptor, sockaddr* address, socklen_t* length, int flags) {
  static constinit Next<int(int, sockaddr*, socklen_t*, int)> next{"accept4"};
  const int accepted = next(descriptor, address, length, flags);
  if (accepted >= 0) {
    gordian::rt::record::note_accept(accepted);
  }
  return accepted;
}
