// SPDX-License-Identifier: Apache-2.0
#include "runtime/io/poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "runtime/io/descriptor.h"
#include "runtime/record/recorder.h"
#include "runtime/record/spin_lock.h"
#include "runtime/sched/helper_thread.h"

namespace gordian::rt::io {

namespace {

constexpr int kBatch = 128;

record::SpinLock g_start_lock;
std::atomic<int> g_epoll{-1};

void* poller_main(void* /*unused*/) noexcept {
  record::start_thread(nullptr);
  const int epoll = g_epoll.load(std::memory_order_relaxed);  // relaxed: written before the thread was made
  epoll_event events[kBatch];
  for (;;) {
    record::publish();
    const int count = epoll_wait(epoll, events, kBatch, -1);
    for (int i = 0; i < count; ++i) {
      end_waits(events[i].data.fd, events[i].events);
    }
    if (count < 0 && errno != EINTR) {
      return nullptr;  // the program closed what is not its own
    }
  }
}

void forget_epoll() noexcept {
  const int epoll =
      g_epoll.exchange(-1, std::memory_order_relaxed);  // relaxed: nobody has used it, or one thread is left
  if (epoll >= 0) {
    close(epoll);
  }
}

// The epoll descriptor, or -errno.
int start() noexcept {
  g_start_lock.lock();
  int epoll = g_epoll.load(std::memory_order_relaxed);  // relaxed: written under this lock only
  if (epoll < 0) {
    epoll = epoll_create1(EPOLL_CLOEXEC);
    // release: pairs with the acquire in arm(): who sees the number finds the instance.
    g_epoll.store(epoll, std::memory_order_release);
    if (epoll < 0 || !sched::start_helper_thread(poller_main)) {
      epoll = -errno;
      forget_epoll();
    }
  }
  g_start_lock.unlock();
  return epoll;
}

}  // namespace

int arm(int descriptor, std::uint32_t events) noexcept {
  int epoll = g_epoll.load(std::memory_order_acquire);  // pairs with the release in start()
  epoll = epoll < 0 ? start() : epoll;
  if (epoll < 0) {
    return -epoll;
  }
  epoll_event event{};
  event.events = events | EPOLLONESHOT;
  event.data.fd = descriptor;
  int failed = epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
  if (failed != 0 && errno == ENOENT) {
    failed = epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
  }
  return failed == 0 ? 0 : errno;
}

void forget_poller() noexcept {
  g_start_lock.forget_owner();
  forget_epoll();
}

}  // namespace gordian::rt::io
