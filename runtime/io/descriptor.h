// SPDX-License-Identifier: Apache-2.0
// What the runtime knows of a descriptor: who reads, who writes, until when. Go's poll.FD and its mutex.
//
// [F1] One reads and one writes at a time; others wait for their turn, in order, so that what is written in pieces is
//      not mixed. All of it is guarded by the descriptor's guard.
// [F2] close ends all waits (EBADF) and closes when the last user has left, so nobody ever uses a number that was given
//      to another file meanwhile. While it closes nobody begins.
// [F3] An actor that waits here counts as awake (wait/all_asleep.h): the world outside may always wake it, so the
//      program is not asleep. It counts itself in, under the guard; whoever takes it out of its queue counts it out:
//      its waker, after the wake, or the end of the program, after which goroutines never run again (sched/stop.h).
// [F4] A deadline that has passed ends the wait of its direction and those that begin later, until it is set anew. Its
//      timer may go off after that: then it finds the new one and does nothing. Descriptors are never freed.
#pragma once

#include <cstdint>

#include "runtime/record/spin_lock.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/waiter.h"
#include "runtime/wait/table.h"

namespace gordian::rt::io {

enum class Direction : std::uint8_t { reads = 0, writes = 1 };

struct Descriptor;

struct Waiter : sync::Waiter {
  Waiter() noexcept { row = &wait::self(); }
  int outcome = 0;  // errno; 0: it has its turn, or shall try again
};

// `fire`, descriptor and direction are set once: a timer that goes off reads them outside the guard.
struct Deadline : sched::Timer {
  Descriptor* descriptor = nullptr;
  Direction direction = Direction::reads;
  std::uint64_t at_ns = 0;  // CLOCK_MONOTONIC; 0: none. Timer::due_ns belongs to the timers while it is armed
};

struct Side {
  bool busy = false;
  sync::WaitQueue turns;      // who comes after the one that is busy
  sync::WaitQueue not_ready;  // the one that is busy, while it waits for the file
  Deadline deadline;
};

struct Descriptor {
  Descriptor() noexcept;

  record::SpinWord guard{0};
  bool is_closing = false;
  Waiter* closer = nullptr;  // waits until nobody is busy
  Side sides[2];
};

// A turn on one side of a descriptor, for a scope [F1].
class [[nodiscard]] Use {
 public:
  // Parks until it is the caller's turn.
  Use(int number, Direction direction) noexcept;
  ~Use();
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  // errno if there is no turn to be had: closed, past its deadline, or a number beyond the table.
  [[nodiscard]] int error() const noexcept { return error_; }
  // Parks until the file is ready in this direction (0: try again), closed, or its deadline passed. errno otherwise:
  // EPERM for files that are always ready.
  [[nodiscard]] int wait() noexcept;

 private:
  [[nodiscard]] Side& side() noexcept { return descriptor_->sides[static_cast<int>(direction_)]; }

  Descriptor* descriptor_;
  int number_;
  Direction direction_;
  bool has_turn_ = false;
  int error_ = 0;
};

int close_descriptor(int number) noexcept;  // errno
// 0: none. errno.
int set_deadline(int number, Direction direction, std::uint64_t at_ns) noexcept;
// The number was given to a new file: what was said of its predecessor is over.
void begin_anew(int number) noexcept;

// The program ends, its workers have stopped: no goroutine waits any more.
void abandon_waits() noexcept;
// The poller's: the events of epoll that came for a descriptor.
void end_waits(int number, std::uint32_t events) noexcept;
void forget_descriptors() noexcept;  // in the child of a fork

}  // namespace gordian::rt::io
