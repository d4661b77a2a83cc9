// SPDX-License-Identifier: Apache-2.0
// A value that is handed over through a pipe, a pair of sockets, an eventfd that epoll tells of, the end of a stream, a
// signal: whoever learns of it is ordered after the sender. Without the wait, each of them is a race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN-DAG: data race {{.*}}: by_pipe is
// FORGOTTEN-DAG: data race {{.*}}: by_pair is
// FORGOTTEN-DAG: data race {{.*}}: back_by_pair is
// FORGOTTEN-DAG: data race {{.*}}: by_event is
// FORGOTTEN-DAG: data race {{.*}}: by_epoll is
// FORGOTTEN-DAG: data race {{.*}}: by_poll is
// FORGOTTEN-DAG: data race {{.*}}: by_end is
// FORGOTTEN-DAG: data race {{.*}}: by_vector is
// FORGOTTEN-DAG: data race {{.*}}: by_signal is
// FORGOTTEN-DAG: data race {{.*}}: by_signalfd is
// FORGOTTEN: 10 findings
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <thread>

int by_pipe, by_pair, back_by_pair, by_event, by_epoll, by_poll, by_end, by_vector, by_signal, by_signalfd;

void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

#ifdef FORGOTTEN
#define WAIT(wait)
#else
#define WAIT(wait) demand(wait)
#endif

// `give` in one thread after it has written, `take` in the other before it reads.
template <class Give, class Take>
void hand_over(int& value, Give give, Take take) {
  std::thread giver([&] {
    value = 1;
    give();
  });
  std::thread taker([&] {
    WAIT(take());
    ++value;
  });
  giver.join();
  taker.join();
}

struct Pipe {
  Pipe() { demand(pipe(ends) == 0); }
  ~Pipe() { close(ends[0]); }
  int ends[2];
};

char byte = 'x';
bool get(int descriptor) {
  char mine = 0;
  return read(descriptor, &mine, 1) == 1;
}

void pipes() {
  Pipe plain;
  hand_over(by_pipe, [&] { demand(write(plain.ends[1], &byte, 1) == 1); }, [&] { return get(plain.ends[0]); });
  const iovec piece{&byte, 1};
  hand_over(by_vector, [&] { demand(writev(plain.ends[1], &piece, 1) == 1); }, [&] { return get(plain.ends[0]); });
  // Told that there is something to read, and does not read it.
  hand_over(
      by_poll, [&] { demand(write(plain.ends[1], &byte, 1) == 1); },
      [&] {
        pollfd watched{plain.ends[0], POLLIN, 0};
        return poll(&watched, 1, -1) == 1;
      });
  Pipe ending;
  hand_over(
      by_end, [&] { close(ending.ends[1]); },
      [&] {
        char mine = 0;
        return read(ending.ends[0], &mine, 1) == 0;
      });
}

void sockets() {
  int ends[2];
  demand(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  hand_over(by_pair, [&] { demand(send(ends[1], &byte, 1, 0) == 1); }, [&] { return get(ends[0]); });
  hand_over(back_by_pair, [&] { demand(send(ends[0], &byte, 1, 0) == 1); }, [&] { return get(ends[1]); });
}

void events() {
  const int event = eventfd(0, 0);
  hand_over(
      by_event, [&] { demand(eventfd_write(event, 1) == 0); },
      [&] {
        std::uint64_t mine = 0;
        return read(event, &mine, sizeof(mine)) == sizeof(mine);
      });
  const int epoll = epoll_create1(0);
  Pipe watched;
  epoll_event interest{};
  interest.events = EPOLLIN;
  interest.data.ptr = &interest;
  demand(epoll_ctl(epoll, EPOLL_CTL_ADD, watched.ends[0], &interest) == 0);
  hand_over(
      by_epoll, [&] { demand(write(watched.ends[1], &byte, 1) == 1); },
      [&] {
        epoll_event told;
        return epoll_wait(epoll, &told, 1, -1) == 1;
      });
}

void signals(const sigset_t& one) {
  hand_over(
      by_signal, [&] { kill(getpid(), SIGUSR1); },
      [&] {
        int mine = 0;
        return sigwait(&one, &mine) == 0;
      });
  const int descriptor = signalfd(-1, &one, 0);
  hand_over(
      by_signalfd, [&] { kill(getpid(), SIGUSR1); },
      [&] {
        signalfd_siginfo info;
        return read(descriptor, &info, sizeof(info)) == sizeof(info);
      });
}

int main() {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &one, nullptr);  // before there are threads, which inherit it
  pipes();
  sockets();
  events();
  signals(one);
}
