// SPDX-License-Identifier: Apache-2.0
// When may an event be taken? Each rule of the trace's order (FORMAT.md, "Order") is a Need that some other event
// meets; the merge takes an event when nothing is missing, and parks its stream under the first missing need otherwise,
// so that the one event that meets it finds the stream at once.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/ingest/inherited.h"
#include "analyzer/model/flat_map.h"
#include "runtime/base/ids.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct Need {
  enum class Kind : std::uint8_t {
    none,
    ticket,          // the object's sequence has reached `number`
    send,            // the same of a channel's sends
    receive,         // and of its receives
    memory_stripe,   // of the allocations and frees in a stripe of memory
    atomic_stripe,   // of the atomics in a stripe of memory
    known,           // the object has been introduced
    closed,          // the channel has been closed
    created,         // the actor has been created
    started_thread,  // the thread's creation has been seen; wanted, but a thread that nobody recorded creates nothing
    ready,           // the actor's run `number` has been made ready
    blocked,         // the actor has blocked in its run `number`
    ended,           // the actor has ended
  };
  Kind kind = Kind::none;
  std::uint64_t id = 0;
  std::uint64_t number = 0;
  bool operator==(const Need&) const = default;
  explicit operator bool() const { return kind != Kind::none; }

  struct Hash {
    std::size_t operator()(const Need& need) const noexcept {
      const std::uint64_t mixed = (need.id * 16 + static_cast<std::uint64_t>(need.kind)) * 0x9e3779b97f4a7c15u ^
                                  need.number * 0xc2b2ae3d27d4eb4fu;
      return static_cast<std::size_t>(mixed ^ mixed >> 31);
    }
  };
};

class Order {
 public:
  // Before the first event.
  void begin_after_fork(const Inheritance& inheritance);
  // The first need of the event that is not met yet; Kind::none if it may be taken. `writer` runs on its stream.
  // `known` begins at 0 with each event: how many of a list of objects need not be looked at again.
  [[nodiscard]] Need missing(const trace::AnyEvent& event, ActorId writer, std::size_t& known) const;
  // Takes the event and appends what it provides. A ticket out of turn moves its sequence on to it.
  void take(const trace::AnyEvent& event, ActorId writer, std::vector<Need>& provided);

 private:
  struct Missing;
  struct Take;
  struct ObjectOrder {
    bool known = false;
    bool closed = false;  // or was it before the fork
    std::uint64_t capacity = 0;
    std::uint64_t next = 1;  // ticket of the sequence
    std::uint64_t next_send = 1;
    std::uint64_t next_receive = 1;
  };
  struct ActorOrder {
    bool created = false;
    bool ended = false;
    std::uint64_t run = 0;
    std::uint64_t blocked_run = 0;
    std::uint64_t ready_run = 0;
  };

  FlatMap<std::uint64_t, ObjectOrder> objects_;
  FlatMap<std::uint64_t, ActorOrder> actors_;
  FlatMap<std::uint64_t, std::uint64_t> memory_;   // next ticket per stripe, 0 = 1
  FlatMap<std::uint64_t, std::uint64_t> atomics_;  // the same
};

}  // namespace gordian::analysis
