// SPDX-License-Identifier: Apache-2.0
// Sockets: connecting, accepting, listening; and closing, which is everybody's.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gordian/detail/io_api.h"
#include "gordian/go.h"  // errno of the thread that runs us now
#include "runtime/io/descriptor.h"
#include "runtime/record/descriptor_order.h"

namespace gordian::rt::io {

namespace {

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;  // 0: not an address
  [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&bytes); }
};

Address parse(const char* text, std::uint16_t port) noexcept {
  Address address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = htons(port);
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    address.size = sizeof(v4);
    std::memcpy(&address.bytes, &v4, sizeof(v4));
  } else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
    address.size = sizeof(v6);
    std::memcpy(&address.bytes, &v6, sizeof(v6));
  }
  return address;
}

void make_unblocking(int number) noexcept {
  const int flags = fcntl(number, F_GETFL);
  if (flags >= 0 && (flags & O_NONBLOCK) == 0) {
    fcntl(number, F_SETFL, flags | O_NONBLOCK);
  }
}

int new_socket(const Address& address) noexcept {
  if (address.size == 0) {
    return -EINVAL;
  }
  const int number = socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (number < 0) {
    return -errno;
  }
  begin_anew(number);
  const int on = 1;
  setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return number;
}

// The descriptor, or what failed after it was made.
int keep_unless(int failed, int number) noexcept {
  if (failed == 0) {
    return number;
  }
  close_descriptor(number);
  return -failed;
}

// 0: connected. EINPROGRESS: not yet. Otherwise why not.
int outcome_of_connect(int number) noexcept {
  int error = 0;
  socklen_t bytes = sizeof(error);
  if (getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0) {
    return errno;
  }
  sockaddr_storage peer{};
  socklen_t peer_bytes = sizeof(peer);
  const bool connected = getpeername(number, reinterpret_cast<sockaddr*>(&peer), &peer_bytes) == 0;
  return error != 0 ? error : connected ? 0 : EINPROGRESS;
}

int connect_to(int number, const sockaddr* address, socklen_t bytes) noexcept {
  Use use(number, Direction::writes);
  if (use.error() != 0) {
    return use.error();
  }
  make_unblocking(number);
  record::note_connect(address, bytes);
  int failed = syscall(SYS_connect, number, address, bytes) == 0 ? 0 : errno;
  failed = failed == EINTR ? EINPROGRESS : failed;  // it goes on by itself
  while (failed == EINPROGRESS) {
    failed = use.wait();
    failed = failed == 0 ? outcome_of_connect(number) : failed;
  }
  return failed;
}

int accept_from(int listener, sockaddr* peer, socklen_t* peer_bytes) noexcept {
  Use use(listener, Direction::reads);
  if (use.error() != 0) {
    return -use.error();
  }
  make_unblocking(listener);
  for (;;) {
    const long number = syscall(SYS_accept4, listener, peer, peer_bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (number >= 0) {
      begin_anew(static_cast<int>(number));
      record::note_accept(static_cast<int>(number));
      return static_cast<int>(number);
    }
    const int failed = errno == EAGAIN ? use.wait() : errno;
    if (failed != 0 && failed != EINTR && failed != ECONNABORTED) {
      return -failed;
    }
  }
}

int start_listening(int number, const Address& address, int backlog) noexcept {
  const int on = 1;
  setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  return bind(number, address.get(), address.size) == 0 && listen(number, backlog) == 0 ? 0 : errno;
}

}  // namespace

}  // namespace gordian::rt::io

namespace gordian::detail {

using namespace rt::io;

int io_accept(int listener, sockaddr* peer, socklen_t* peer_bytes) noexcept {
  return accept_from(listener, peer, peer_bytes);
}

int io_connect(int descriptor, const sockaddr* address, socklen_t bytes) noexcept {
  return connect_to(descriptor, address, bytes);
}

int io_close(int descriptor) noexcept { return close_descriptor(descriptor); }

int io_set_deadlines(int descriptor, bool reads, bool writes, std::int64_t steady_ns) noexcept {
  const auto at_ns = static_cast<std::uint64_t>(steady_ns);
  const int failed = reads ? set_deadline(descriptor, Direction::reads, at_ns) : 0;
  return failed != 0 || !writes ? failed : set_deadline(descriptor, Direction::writes, at_ns);
}

int io_listen_tcp(const char* address, std::uint16_t port, int backlog) noexcept {
  const Address where = parse(address, port);
  const int number = new_socket(where);
  return number < 0 ? number : keep_unless(start_listening(number, where, backlog), number);
}

int io_connect_tcp(const char* address, std::uint16_t port) noexcept {
  const Address where = parse(address, port);
  const int number = new_socket(where);
  return number < 0 ? number : keep_unless(connect_to(number, where.get(), where.size), number);
}

int io_port(int descriptor) noexcept {
  sockaddr_storage own{};
  socklen_t bytes = sizeof(own);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &bytes) != 0) {
    return 0;
  }
  return own.ss_family == AF_INET    ? ntohs(reinterpret_cast<const sockaddr_in&>(own).sin_port)
         : own.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(own).sin6_port)
                                     : 0;
}

}  // namespace gordian::detail
