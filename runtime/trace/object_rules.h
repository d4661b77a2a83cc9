// SPDX-License-Identifier: Apache-2.0
// The rules that tickets make checkable without a merge: the operations on each object are gathered with their tickets,
// sorted, and replayed object by object.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "runtime/trace/validate.h"

namespace gordian::trace {

using Report = std::function<void(Rule, std::uint64_t offset, std::string what)>;

class ObjectRules {
 public:
  // after_fork: the trace of a fork's child, in which sequences may go on from before.
  explicit ObjectRules(bool after_fork) : after_fork_(after_fork) {}

  // `offset` is the event's, `actor` who performed it.
  void note(const AnyEvent& event, std::uint64_t offset, std::uint64_t actor);
  void finish(const Report& report);

 private:
  enum class Kind : std::uint8_t {
    lock,
    unlock,
    add,
    wait,
    begin,
    end,
    signal,
    wake,
    set,
    stop,
    call,
    acquire,
    release,
    other
  };
  struct Operation {
    std::uint64_t ticket = 0;
    std::uint64_t offset = 0;
    Kind kind = Kind::other;
    std::uint64_t mode = 0;
    std::uint64_t actor = 0;
    std::int64_t delta = 0;
    std::int64_t value = 0;
    std::uint64_t number = 0;  // signals: waits ended; wakes: the signal; timers: the period; semaphores: permits
  };
  using Sequence = std::vector<Operation>;
  struct Object {
    std::uint64_t introduced = 0;  // offset of its Object event, 0 = none
    std::uint64_t used = 0;        // offset of its first use in the file
    std::uint64_t capacity = 0;
    bool is_channel = false;
    bool is_inherited = false;
    bool counts_permits = false;  // not the semaphores of the C library: others post as well
    Sequence operations, sends, receives;
    Sequence timer_sends;                        // number: the set
    std::vector<std::uint64_t> closes;           // offsets
    std::vector<std::uint64_t> closed_receives;  // offsets
  };
  struct Note;

  static void check_tickets(Sequence& sequence, bool is_inherited, const std::string& name, const Report& report);
  static void check_lock(const Object& object, const std::string& name, const Report& report);
  static void check_channel(const Object& object, const std::string& name, const Report& report);
  static void check_counters(const Object& object, const std::string& name, const Report& report);
  static void check_signals(const Object& object, const std::string& name, const Report& report);
  static void check_timer(const Object& object, const std::string& name, const Report& report);
  static void check_permits(const Object& object, const std::string& name, const Report& report);

  bool after_fork_;
  std::map<std::uint64_t, Object> objects_;
  std::map<std::uint64_t, Sequence> memory_, atomics_;             // by stripe
  std::vector<std::pair<std::uint64_t, std::uint64_t>> repeated_;  // object, offset of a second introduction
};

}  // namespace gordian::trace
