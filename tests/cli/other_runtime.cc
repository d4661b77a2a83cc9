// SPDX-License-Identifier: Apache-2.0
// other_runtime stale|silent [STATUS]: comes to the recorder as a program does whose runtime is of another version.
// stale: with a ring of another layout; it must be refused. silent: with one that fits, into which it writes nothing.
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/trace/ring_layout.h"

namespace {

using namespace gordian;

constexpr std::uint32_t kChunks = 16;

int make_ring(std::uint32_t version) {
  const int memfd = memfd_create("ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  trace::RingHeader header;
  header.magic = trace::kRingMagic;
  header.version = version;
  header.chunk_bytes = trace::kChunkBytes;
  header.chunk_count = kChunks;
  std::strcpy(header.program, "/other_runtime");
  const bool good = ftruncate(memfd, static_cast<off_t>(trace::ring_bytes(kChunks))) == 0 &&
                    pwrite(memfd, &header, sizeof(header), 0) == static_cast<ssize_t>(sizeof(header));
  return good ? memfd : -1;
}

bool send_hello(int connection, int memfd, std::uint32_t version) {
  trace::Hello hello;
  hello.version = version;
  iovec piece{&hello, sizeof(hello)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  *header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  std::memcpy(CMSG_DATA(header), &memfd, sizeof(memfd));
  return sendmsg(connection, &message, 0) == static_cast<ssize_t>(sizeof(hello));
}

}  // namespace

int main(int count, char** words) {
  const bool is_stale = std::string(words[1]) == "stale";
  const std::uint32_t version = trace::kRingVersion - (is_stale ? 1 : 0);
  const int connection = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, std::getenv("GORDIAN_SOCKET"));
  char answer = 0;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      !send_hello(connection, make_ring(version), version) || read(connection, &answer, 1) != 1) {
    return 1;
  }
  const bool is_accepted = answer == trace::kHelloAccepted;
  return is_accepted == is_stale ? 1 : count > 2 ? std::atoi(words[2]) : 0;
}
