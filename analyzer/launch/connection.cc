// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/connection.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "runtime/trace/ring_layout.h"

namespace gordian::analysis {

namespace {

constexpr timeval kHelloTimeout{2, 0};

Error refused(const char* what) { return {ErrorKind::io, "connection", what, ""}; }

// The hello's bytes, and the one descriptor that came with them. hung_up: nothing came, and nothing will.
Descriptor receive_memfd(int connection, trace::Hello& hello, bool& hung_up) {
  iovec piece{&hello, sizeof(hello)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t got = 0;
  do {
    got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
  } while (got < 0 && errno == EINTR);
  hung_up = got == 0;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (got < 0 || header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) {
    return Descriptor();
  }
  int memfd = -1;
  std::memcpy(&memfd, CMSG_DATA(header), sizeof(memfd));
  Descriptor owned(memfd);
  return got == static_cast<ssize_t>(sizeof(hello)) ? std::move(owned) : Descriptor();
}

std::string command_line(pid_t pid) {
  constexpr std::size_t kMaxCommand = 64 * 1024;
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  text.resize(std::min(text.find_last_not_of('\0') + 1, kMaxCommand));
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

}  // namespace

Descriptor open_pidfd(pid_t pid) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));  // close-on-exec by definition
}

// The fourth field of stat; the second, the name, may contain anything but ends with the last bracket.
pid_t parent_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t name_end = text.rfind(')');
  return name_end == text.npos || name_end + 4 >= text.size() ? 0 : std::atoi(text.c_str() + name_end + 4);
}

Result<Connection> receive_hello(Descriptor socket) {
  ucred peer{};
  socklen_t length = sizeof(peer);
  if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 || peer.pid <= 0) {
    return refused("a process outside of our pid namespace");
  }
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kHelloTimeout, sizeof(kHelloTimeout));
  trace::Hello hello;
  Connection connection;
  bool hung_up = false;
  connection.memfd = receive_memfd(socket.get(), hello, hung_up);
  if (hung_up) {
    return refused("a process found no room for its ring within its limits (ulimit -a)");
  }
  if (!connection.memfd || hello.magic != trace::kRingMagic) {
    return refused("not a Gordian program");
  }
  connection.pid = peer.pid;
  connection.pidfd = open_pidfd(peer.pid);
  // The process waits for our answer: if its end of the socket is still open now, the pid was its own a moment ago.
  char byte = 0;
  hung_up = recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  if (!connection.pidfd || hung_up) {
    return refused(hung_up ? "ended before it was recorded" : "the kernel offers no pidfd (Linux 5.3 or newer does)");
  }
  connection.command = command_line(peer.pid);
  connection.socket = std::move(socket);
  return connection;
}

void answer_hello(const Connection& connection, bool accepted) {
  const std::uint8_t answer = accepted ? trace::kHelloAccepted : 0;
  // A peer that died meanwhile needs no answer.
  [[maybe_unused]] const ssize_t sent = send(connection.socket.get(), &answer, 1, MSG_NOSIGNAL);
}

}  // namespace gordian::analysis
