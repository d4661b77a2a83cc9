// SPDX-License-Identifier: Apache-2.0
// Reading and writing. System calls are made by number: the C library's names are replaced ones, which would record
// them once more.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "gordian/blocking.h"
#include "gordian/detail/io_api.h"
#include "gordian/go.h"  // errno of the thread that runs us now
#include "runtime/io/descriptor.h"
#include "runtime/record/descriptor_order.h"

namespace gordian::rt::io {

namespace {

// The result, or -errno.
template <class... Args>
ssize_t call(long number, Args... args) noexcept {
  const long result = syscall(number, args...);
  return result < 0 ? -errno : result;
}

// How what is not a socket is read and written.
enum class Manner : std::uint8_t {
  unblocking,  // at once, or EAGAIN
  awaited,     // it may block: when epoll says that it will not, or does not know; its flags are not ours to change
  blocking,    // files: epoll knows nothing of them
};

Manner manner_of(int number, int flags) noexcept {
  struct stat status{};
  if ((flags & O_NONBLOCK) != 0) {
    return Manner::unblocking;
  }
  if (fstat(number, &status) != 0 || S_ISREG(status.st_mode) || S_ISBLK(status.st_mode) || S_ISDIR(status.st_mode)) {
    return Manner::blocking;
  }
  if (S_ISCHR(status.st_mode) || number <= STDERR_FILENO) {
    return Manner::awaited;
  }
  return fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0 ? Manner::unblocking : Manner::awaited;
}

// SIGPIPE of one write stays away from the program: blocked meanwhile, and taken if it came.
class NoPipeSignal {
 public:
  NoPipeSignal() noexcept {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec now{};
    if (!was_pending_ && broken_) {
      sigtimedwait(&pipe_, nullptr, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  void note(ssize_t result) noexcept { broken_ = result == -EPIPE; }

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_;
  bool broken_ = false;
};

struct Reading {
  char* at;
  std::size_t left;
  [[nodiscard]] ssize_t on_socket(int number) const noexcept {
    return call(SYS_recvfrom, number, at, left, MSG_DONTWAIT, nullptr, nullptr);
  }
  [[nodiscard]] ssize_t on_file(int number) const noexcept { return call(SYS_read, number, at, left); }
};

struct Writing {
  const char* at;
  std::size_t left;
  [[nodiscard]] ssize_t on_socket(int number) const noexcept {
    return call(SYS_sendto, number, at, left, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0);
  }
  [[nodiscard]] ssize_t on_file(int number) const noexcept {
    NoPipeSignal no_signal;
    const ssize_t result = call(SYS_write, number, at, left);
    no_signal.note(result);
    return result;
  }
};

template <class Piece>
ssize_t move_file(Use& use, int number, const Piece& piece) noexcept {
  const int flags = fcntl(number, F_GETFL);
  const Manner manner = flags < 0 ? Manner::unblocking : manner_of(number, flags);
  if (manner == Manner::unblocking) {
    return piece.on_file(number);
  }
  const int failed = manner == Manner::awaited ? use.wait() : 0;
  if (failed != 0 && failed != EPERM) {
    return -failed;
  }
  const detail::Blocking lent;
  return piece.on_file(number);
}

// What can be moved in one go, waiting until there is something; or -errno.
template <class Piece>
ssize_t move(Use& use, int number, const Piece& piece) noexcept {
  for (;;) {
    ssize_t moved = piece.on_socket(number);
    moved = moved == -ENOTSOCK ? move_file(use, number, piece) : moved;
    const int failed = moved == -EAGAIN ? use.wait() : 0;
    if (failed != 0) {
      return -failed;
    }
    if (moved != -EAGAIN && moved != -EINTR) {
      return moved;
    }
  }
}

}  // namespace

}  // namespace gordian::rt::io

using namespace gordian::rt;
using namespace gordian::rt::io;

ssize_t gordian_io_read(int descriptor, void* buffer, std::size_t bytes, int* error) noexcept {
  Use use(descriptor, Direction::reads);
  const ssize_t moved =
      use.error() != 0 ? -use.error() : move(use, descriptor, Reading{static_cast<char*>(buffer), bytes});
  if (moved >= 0 || moved == -ECONNRESET) {
    record::note_descriptor_acquire(descriptor);
  }
  *error = moved < 0 ? static_cast<int>(-moved) : 0;
  return moved < 0 ? -1 : moved;
}

ssize_t gordian_io_write(int descriptor, const void* data, std::size_t bytes, int* error) noexcept {
  Use use(descriptor, Direction::writes);
  Writing rest{static_cast<const char*>(data), bytes};
  ssize_t moved = -use.error();
  if (moved == 0) {
    record::note_descriptor_release(descriptor);
    do {
      moved = move(use, descriptor, rest);
      rest.at += moved < 0 ? 0 : moved;
      rest.left -= moved < 0 ? 0 : static_cast<std::size_t>(moved);
    } while (moved > 0 && rest.left > 0);
  }
  *error = moved < 0 ? static_cast<int>(-moved) : 0;
  return static_cast<ssize_t>(bytes - rest.left);
}
