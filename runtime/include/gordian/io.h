// SPDX-License-Identifier: Apache-2.0
// Input and output that parks the goroutine, not the thread: pipes, sockets, terminals, eventfds; plain threads and
// main may call all of it. Errors are values, as in Go; nothing here throws. Source: packages net and os (go1.23).
//
//   const auto listener = gordian::io::listen_tcp("127.0.0.1", 8080);
//   for (;;) {
//     const auto client = gordian::io::accept(listener.descriptor);
//     if (!client) break;
//     gordian::go(serve, client.descriptor);   // which ends with gordian::io::close()
//   }
//
// What happens before a write, a close or a connect happens before the read or accept that sees it. The descriptors are
// ordinary ones: the first call makes one non-blocking, except terminals, the three standard ones and files, which
// other processes may share. One reads and one writes at a time, others wait for their turn, in order. Whoever waits is
// in `IO wait`: he can be woken from outside, so he is never part of a deadlock. Close with io::close: ::close wakes
// nobody.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "gordian/detail/io_api.h"

namespace gordian::io {

// std::errc::timed_out: the deadline passed; bad_file_descriptor: closed, perhaps meanwhile; otherwise the system's.
struct Transfer {
  std::size_t bytes = 0;  // moved, also if there is an error
  std::error_code error;
  explicit operator bool() const noexcept { return !error; }
};

struct Opened {
  int descriptor = -1;
  std::error_code error;
  explicit operator bool() const noexcept { return !error; }
};

namespace detail {

inline std::error_code code(int error) noexcept { return {error, std::system_category()}; }
inline Opened opened(int result) noexcept { return result >= 0 ? Opened{result, {}} : Opened{-1, code(-result)}; }

}  // namespace detail

// Waits until there is something to read and reads what there is, `bytes` at most. 0 bytes and no error: the end. Files
// do not wait: they are read as in blocking(). Records Block if it parks, and the bytes as written.
[[nodiscard]] inline Transfer read(int descriptor, void* buffer, std::size_t bytes) noexcept {
  int error = 0;
  const ssize_t moved = gordian_io_read(descriptor, buffer, bytes, &error);
  return {moved < 0 ? 0 : static_cast<std::size_t>(moved), detail::code(error)};
}

// Writes all of it, waiting as often as that needs; fewer bytes only with an error. A reader that has gone is an error
// (broken_pipe), never a SIGPIPE. Records Block if it parks, and the bytes as read.
[[nodiscard]] inline Transfer write(int descriptor, const void* data, std::size_t bytes) noexcept {
  int error = 0;
  const ssize_t moved = gordian_io_write(descriptor, data, bytes, &error);
  return {moved < 0 ? 0 : static_cast<std::size_t>(moved), detail::code(error)};
}
[[nodiscard]] inline Transfer write(int descriptor, std::string_view text) noexcept {
  return write(descriptor, text.data(), text.size());
}

// Waits for a connection; the new descriptor is non-blocking and close-on-exec. peer: as in accept(2). Records Block if
// it parks.
[[nodiscard]] inline Opened accept(int listener, sockaddr* peer = nullptr, socklen_t* peer_bytes = nullptr) noexcept {
  return detail::opened(gordian::detail::io_accept(listener, peer, peer_bytes));
}

// Connects a socket, waiting until that has succeeded or failed. Records Block if it parks.
[[nodiscard]] inline std::error_code connect(int descriptor, const sockaddr* address, socklen_t bytes) noexcept {
  return detail::code(gordian::detail::io_connect(descriptor, address, bytes));
}

// Ends what others wait for on the descriptor (bad_file_descriptor), waits until they have let go of it, and closes it:
// nobody uses a number that means another file already.
inline std::error_code close(int descriptor) noexcept { return detail::code(gordian::detail::io_close(descriptor)); }

// From then on reads (accepts) and writes (connects) fail with timed_out, those that wait already as well. max(): no
// deadline. Does not block. The end of a context ends them like this:
//
//   const auto stop = after_func(ctx, [fd] { io::set_deadline(fd, std::chrono::steady_clock::now()); });
namespace detail {

template <class Duration>
std::error_code set_deadlines(int descriptor, bool reads, bool writes,
                              std::chrono::time_point<std::chrono::steady_clock, Duration> end) noexcept {
  using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
  const auto steady_ns = std::chrono::ceil<std::chrono::nanoseconds>(end.time_since_epoch()).count();
  const std::int64_t at_ns = end == TimePoint::max() ? 0 : steady_ns > 0 ? steady_ns : 1;
  return code(gordian::detail::io_set_deadlines(descriptor, reads, writes, at_ns));
}

}  // namespace detail

template <class Duration>
std::error_code set_deadline(int descriptor,
                             std::chrono::time_point<std::chrono::steady_clock, Duration> end) noexcept {
  return detail::set_deadlines(descriptor, true, true, end);
}
template <class Duration>
std::error_code set_read_deadline(int descriptor,
                                  std::chrono::time_point<std::chrono::steady_clock, Duration> end) noexcept {
  return detail::set_deadlines(descriptor, true, false, end);
}
template <class Duration>
std::error_code set_write_deadline(int descriptor,
                                   std::chrono::time_point<std::chrono::steady_clock, Duration> end) noexcept {
  return detail::set_deadlines(descriptor, false, true, end);
}

// A listening socket on a numeric address ("127.0.0.1", "::1", "0.0.0.0"); port 0: a free one. Small packets go at once
// (TCP_NODELAY, also on what is accepted), a port is free again as soon as it is closed (SO_REUSEADDR): Go's settings.
[[nodiscard]] inline Opened listen_tcp(const char* address, std::uint16_t port, int backlog = SOMAXCONN) noexcept {
  return detail::opened(gordian::detail::io_listen_tcp(address, port, backlog));
}
// A connection to a numeric address. Blocks as connect().
[[nodiscard]] inline Opened connect_tcp(const char* address, std::uint16_t port) noexcept {
  return detail::opened(gordian::detail::io_connect_tcp(address, port));
}
// The socket's own port; 0: it has none.
[[nodiscard]] inline std::uint16_t port_of(int descriptor) noexcept {
  return static_cast<std::uint16_t>(gordian::detail::io_port(descriptor));
}

}  // namespace gordian::io
