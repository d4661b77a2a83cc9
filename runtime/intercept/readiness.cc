// SPDX-License-Identifier: Apache-2.0
// Who is told that a descriptor can be read is ordered after what made it so, whether it reads or not: an acquisition
// from each descriptor that poll, select and epoll name. epoll names the program's own word for it, not the descriptor:
// a table keeps which one was entered with which word.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"
#include "runtime/record/descriptor_order.h"

namespace gordian::rt::intercept {

namespace {

constexpr short kCanBeRead = POLLIN | POLLPRI | POLLRDHUP | POLLHUP | POLLERR;

// Entries replace each other where they fall on one place: then an order is lost unless the descriptor is read.
constexpr std::size_t kWatches = std::size_t{1} << 14;
struct Watch {
  std::atomic<std::uint64_t> key{0};
  std::atomic<int> descriptor{-1};
};
constinit Watch g_watches[kWatches] = {};

// Of an epoll descriptor and the program's word.
std::uint64_t key_of(int epoll, std::uint64_t word) noexcept {
  const std::uint64_t key = (word ^ static_cast<std::uint64_t>(epoll) << 40) * 0x9e3779b97f4a7c15;
  return key ^ key >> 32;
}

void remember(int epoll, const epoll_event* event, int descriptor) noexcept {
  if (event != nullptr && is_recorded()) {
    const std::uint64_t key = key_of(epoll, event->data.u64);
    Watch& watch = g_watches[key % kWatches];
    // relaxed key, release descriptor: pairs with the acquire in descriptor_of(); a pair that two threads mixed up
    // names another descriptor that is watched, which orders too much.
    watch.key.store(key, std::memory_order_relaxed);
    watch.descriptor.store(descriptor, std::memory_order_release);
  }
}

int descriptor_of(int epoll, std::uint64_t word) noexcept {
  const std::uint64_t key = key_of(epoll, word);
  const Watch& watch = g_watches[key % kWatches];
  const int descriptor = watch.descriptor.load(std::memory_order_acquire);  // pairs with remember()
  return watch.key.load(std::memory_order_relaxed) == key ? descriptor : -1;
}

int told(int epoll, const epoll_event* events, int count) noexcept {
  if (count > 0 && is_recorded()) {
    record::note_descriptor_acquire(epoll);
    for (int index = 0; index < count; ++index) {
      if (const int descriptor = descriptor_of(epoll, events[index].data.u64); descriptor >= 0) {
        record::note_descriptor_acquire(descriptor);
      }
    }
  }
  return count;
}

int told(const pollfd* descriptors, nfds_t size, int count) noexcept {
  if (count > 0 && is_recorded()) {
    for (nfds_t index = 0; index < size; ++index) {
      if ((descriptors[index].revents & kCanBeRead) != 0) {
        record::note_descriptor_acquire(descriptors[index].fd);
      }
    }
  }
  return count;
}

int told(const fd_set* readable, int size, int count) noexcept {
  if (count > 0 && readable != nullptr && is_recorded()) {
    for (int descriptor = 0; descriptor < size; ++descriptor) {
      if (FD_ISSET(descriptor, readable)) {
        record::note_descriptor_acquire(descriptor);
      }
    }
  }
  return count;
}

constinit Next<int(int, int, int, epoll_event*)> g_epoll_control{"epoll_ctl"};
constinit Next<int(int, epoll_event*, int, int)> g_epoll_wait{"epoll_wait"};
constinit Next<int(int, epoll_event*, int, int, const sigset_t*)> g_epoll_mask_wait{"epoll_pwait"};
constinit Next<int(pollfd*, nfds_t, int)> g_poll{"poll"};
constinit Next<int(pollfd*, nfds_t, int, std::size_t)> g_checked_poll{"__poll_chk"};
constinit Next<int(pollfd*, nfds_t, const timespec*, const sigset_t*)> g_mask_poll{"ppoll"};
constinit Next<int(int, fd_set*, fd_set*, fd_set*, timeval*)> g_select{"select"};
constinit Next<int(int, fd_set*, fd_set*, fd_set*, const timespec*, const sigset_t*)> g_mask_select{"pselect"};

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
  gordian::rt::record::note_descriptor_release(epoll);
  remember(epoll, event, descriptor);
  return g_epoll_control(epoll, operation, descriptor, event);
}
GORDIAN_REPLACES int epoll_wait(int epoll, epoll_event* events, int size, int timeout) {
  return told(epoll, events, g_epoll_wait(epoll, events, size, timeout));
}
GORDIAN_REPLACES int epoll_pwait(int epoll, epoll_event* events, int size, int timeout, const sigset_t* mask) {
  return told(epoll, events, g_epoll_mask_wait(epoll, events, size, timeout, mask));
}

GORDIAN_REPLACES int poll(pollfd* descriptors, nfds_t size, int timeout) {
  return told(descriptors, size, g_poll(descriptors, size, timeout));
}
GORDIAN_REPLACES int __poll_chk(pollfd* descriptors, nfds_t size, int timeout, std::size_t room) {
  return told(descriptors, size, g_checked_poll(descriptors, size, timeout, room));
}
GORDIAN_REPLACES int ppoll(pollfd* descriptors, nfds_t size, const timespec* timeout, const sigset_t* mask) {
  return told(descriptors, size, g_mask_poll(descriptors, size, timeout, mask));
}

GORDIAN_REPLACES int select(int size, fd_set* readable, fd_set* writable, fd_set* exceptional, timeval* timeout) {
  return told(readable, size, g_select(size, readable, writable, exceptional, timeout));
}
GORDIAN_REPLACES int pselect(int size, fd_set* readable, fd_set* writable, fd_set* exceptional, const timespec* timeout,
                             const sigset_t* mask) {
  return told(readable, size, g_mask_select(size, readable, writable, exceptional, timeout, mask));
}
