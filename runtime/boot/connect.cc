// SPDX-License-Identifier: Apache-2.0
#include "runtime/boot/connect.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "runtime/record/attach.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::rt::boot {

namespace {

constexpr time_t kHandshakeSeconds = 10;
constexpr std::uint32_t kFewestChunks = 16;
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

// How this process came to its drainer, for the children that it forks: they may not look into the environment, which
// another thread may have been changing.
struct Way {
  sockaddr_un address{};  // sun_family 0: none
  Options options;        // its output lies in `output`
  char output[PATH_MAX] = {};
};
Way g_way;

bool remember_address(const char* path) noexcept {
  if (std::strlen(path) >= sizeof(g_way.address.sun_path)) {
    return false;
  }
  g_way.address.sun_family = AF_UNIX;
  std::strcpy(g_way.address.sun_path, path);
  return true;
}

bool remember_options(const Options& options) noexcept {
  if (options.output.size() >= sizeof(g_way.output)) {
    return false;
  }
  g_way.options = options;
  std::memcpy(g_way.output, options.output.data(), options.output.size());
  g_way.options.output = {g_way.output, options.output.size()};
  return true;
}

// Waits only as long as the handshake may take: a drainer that is stopped must not stop the program.
int connect_to(const sockaddr_un& address) noexcept {
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) {
    return -1;
  }
  const timeval timeout{kHandshakeSeconds, 0};
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  int failure = 0;
  do {
    failure = connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  } while (failure != 0 && errno == EINTR);
  if (failure != 0) {
    close(connection);
    return -1;
  }
  return connection;
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

rlim_t limit_of(decltype(RLIMIT_FSIZE) resource) noexcept {
  rlimit limit{};
  return getrlimit(resource, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

// As large as was asked for, or as fits: a file that grows beyond its limit would be a signal to the program, and of a
// limited address space most is the program's.
std::uint32_t chunk_count(const Options& options) noexcept {
  std::uint32_t chunks = trace::kDefaultRingBytes / trace::kChunkBytes;
  if (options.ring_mb != 0) {
    chunks = std::clamp(options.ring_mb, kMinRingMb, kMaxRingMb) * (1024 * 1024 / trace::kChunkBytes);
  }
  const rlim_t most = std::min(limit_of(RLIMIT_FSIZE), limit_of(RLIMIT_AS) / 8);
  while (chunks != 0 && trace::ring_bytes(chunks) > most) {
    chunks /= 2;
  }
  return chunks;
}

bool hand_over_ring(int connection, const Options& options, pid_t drainer) noexcept {
  const std::uint32_t chunks = chunk_count(options);
  if (chunks < kFewestChunks) {
    return false;
  }
  const Descriptor memfd(memfd_create("gordian-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memfd.get() < 0 || !record::lay_out_ring(memfd.get(), chunks)) {
    return false;
  }
  if (!send_memfd(connection, memfd.get()) || !is_accepted(connection)) {
    record::abandon_ring();
    return false;
  }
  record::start_recording(drainer);
  return true;
}

bool connect_and_record() noexcept {
  const Descriptor connection(connect_to(g_way.address));
  return connection.get() >= 0 && hand_over_ring(connection.get(), g_way.options, peer_of(connection.get()));
}

// The peer of a socketpair is whoever made it: us. Our drainer's death shows as a ring that nobody empties.
bool start_and_record(bool is_child) noexcept {
  const Descriptor connection(start_drainer(g_way.options, is_child));
  return connection.get() >= 0 && hand_over_ring(connection.get(), g_way.options, 0);
}

}  // namespace

void begin_recording(const Options& options) noexcept {
  const char* path = std::getenv("GORDIAN_SOCKET");
  if (path != nullptr && path[0] != '\0') {
    if (remember_options(options) && remember_address(path)) {
      // A drainer that is gone (we outlived it) is no reason to talk into the program's output.
      connect_and_record();
    }
  } else if ((options.record || options.report) && !(remember_options(options) && start_and_record(false))) {
    complain("cannot start `gordian drain` (set GORDIAN_BIN to the gordian command)");
  }
}

bool begin_recording_in_child() noexcept {
  return g_way.address.sun_family != 0 ? connect_and_record() : start_and_record(true);
}

}  // namespace gordian::rt::boot
