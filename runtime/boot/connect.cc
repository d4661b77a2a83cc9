// SPDX-License-Identifier: Apache-2.0
#include "runtime/boot/connect.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runtime/record/attach.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::rt::boot {

namespace {

constexpr time_t kHandshakeSeconds = 10;
constexpr std::uint32_t kMinRingMb = 4;
constexpr std::uint32_t kMaxRingMb = 16 * 1024;

// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) {
      close(value_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

void complain(const char* what) noexcept {
  constexpr char kPrefix[] = "gordian: not recording: ";
  if (write(STDERR_FILENO, kPrefix, sizeof(kPrefix) - 1) < 0 || write(STDERR_FILENO, what, std::strlen(what)) < 0 ||
      write(STDERR_FILENO, "\n", 1) < 0) {
    return;
  }
}

int connect_to(const char* path) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof(address.sun_path)) {
    return -1;
  }
  std::strcpy(address.sun_path, path);
  const int socket_descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_descriptor >= 0 &&
      connect(socket_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(socket_descriptor);
    return -1;
  }
  return socket_descriptor;
}

bool send_memfd(int connection, int memfd) noexcept {
  trace::Hello hello;
  hello.pid = static_cast<std::uint32_t>(getpid());
  iovec piece{&hello, sizeof(hello)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &memfd, sizeof(int));
  return sendmsg(connection, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof(hello));
}

bool is_accepted(int connection) noexcept {
  const timeval timeout{kHandshakeSeconds, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  std::uint8_t answer = 0;
  ssize_t got = 0;
  do {
    got = recv(connection, &answer, 1, 0);
  } while (got < 0 && errno == EINTR);
  return got == 1 && answer == trace::kHelloAccepted;
}

pid_t peer_of(int connection) noexcept {
  ucred peer{};
  socklen_t length = sizeof(peer);
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer.pid : 0;
}

std::uint32_t chunk_count(const Options& options) noexcept {
  if (options.ring_mb == 0) {
    return trace::kDefaultRingBytes / trace::kChunkBytes;
  }
  return std::clamp(options.ring_mb, kMinRingMb, kMaxRingMb) * (1024 * 1024 / trace::kChunkBytes);
}

bool hand_over_ring(int connection, const Options& options, pid_t drainer) noexcept {
  const Descriptor memfd(memfd_create("gordian-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memfd.get() < 0 || !record::lay_out_ring(memfd.get(), chunk_count(options))) {
    return false;
  }
  if (!send_memfd(connection, memfd.get()) || !is_accepted(connection)) {
    record::abandon_ring();
    return false;
  }
  record::start_recording(drainer);
  return true;
}

}  // namespace

void begin_recording(const Options& options) noexcept {
  const char* path = std::getenv("GORDIAN_SOCKET");
  if (path != nullptr && path[0] != '\0') {
    // A drainer that is gone (we outlived it) is no reason to talk into the program's output.
    const Descriptor connection(connect_to(path));
    if (connection.get() >= 0) {
      hand_over_ring(connection.get(), options, peer_of(connection.get()));
    }
  } else if (options.record || options.report) {
    const Descriptor connection(start_drainer(options));
    // The peer of a socketpair is whoever made it: us. Our drainer's death shows as a ring that nobody empties.
    if (connection.get() < 0 || !hand_over_ring(connection.get(), options, 0)) {
      complain("cannot start `gordian drain` (set GORDIAN_BIN to the gordian command)");
    }
  }
}

}  // namespace gordian::rt::boot
