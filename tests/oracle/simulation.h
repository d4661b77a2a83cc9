// SPDX-License-Identifier: Apache-2.0
// A random small program on a random scheduler: goroutines on a few workers, threads, locks, channels, timers, atomics,
// memory that comes and goes. Executes one operation at a time, writes down the trace as a recorder would (tickets,
// runs, operations on behalf of blocked actors, chunks cut anywhere) and, for the oracle, what happened.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "runtime/trace/builder.h"
#include "tests/oracle/oracle.h"

namespace gordian::oracle {

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);
  void run();

  [[nodiscard]] const std::vector<Operation>& program() const { return program_; }
  [[nodiscard]] std::uint64_t accesses() const { return accesses_; }
  [[nodiscard]] std::vector<std::uint8_t> trace() const { return trace_.bytes(); }

 private:
  enum class State { runnable, running, blocked, ended };
  struct Case {
    std::size_t channel = 0;  // index, kNil for a nil channel
    bool sends = false;
  };
  struct Actor {
    std::uint64_t id = 0;
    std::uint64_t run = 0;
    bool is_thread = false;
    State state = State::runnable;
    std::uint32_t home = 0;  // the only stream it runs on; 0 = any worker
    std::vector<std::uint64_t> frames{};
    std::function<void(Actor&)> resume{};  // what it does first when it runs again
    std::vector<Case> cases{};             // while it waits for channels
    bool in_select = false;
    bool wants_shared = false;  // while it waits for a lock
    bool sleeps = false;
    Actor* joins = nullptr;
    std::uint64_t wants_permits = 0;  // while it waits for a semaphore
    bool is_enlisted = false;         // it waits on the Cond, or is about to
    bool is_parked = false;           // there
    bool times_out = false;           // that wait may end by itself
    std::uint64_t woken_by = 0;       // the ticket of the signal that ended it
    std::uint64_t children = 0;
  };
  struct Stream {
    trace::StreamBuilder* out = nullptr;
    std::uint64_t own_actor = 0;  // of a thread
    Actor* actor = nullptr;
  };
  struct Object {
    std::uint64_t id = 0;
    trace::ObjectKind kind{};
    std::uint64_t capacity = 0;
    bool is_known = false;
    bool is_over = false;
    std::uint64_t ticket = 0;
    std::vector<Actor*> waiting{};  // locks, WaitGroups, Onces
    // Locks.
    Actor* writer = nullptr;
    std::vector<Actor*> readers{};
    // Channels.
    std::uint64_t sent = 0, received = 0;
    bool is_closed = false;
    // Timers and their channels.
    std::uint64_t timers = 0;  // how often it will still go off
    bool has_timer = false;
    bool has_value = false;  // it went off, and nobody has taken that
    std::uint64_t set = 0;   // ticket
    std::vector<Actor*> senders{}, receivers{};
    std::int64_t counter = 0;
    bool is_done = false;
  };

  struct Block {
    std::uint64_t asked = 0;  // bytes, of the latest life
    bool is_alive = false;
  };

  static constexpr std::size_t kNil = ~std::size_t{0};

  // simulation.cc: the world, the scheduler, writing down
  void build_tables();
  void step(Stream& stream);
  void finish();
  Actor& create(bool is_thread);
  void begin_thread(Actor& actor);
  void put_on(Stream& stream, Actor& actor);
  void wander(Actor& actor);
  std::uint64_t site();
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class Event>
  void write(const Event& event) {
    out_->op(event);
  }
  // Performed by `actor`, written by whoever runs here.
  template <class Event>
  void perform(const Actor& actor, Event event) {
    if constexpr (requires { event.actor, event.run; }) {
      if (&actor != here_) {
        event.actor = actor.id;
        event.run = actor.run;
      }
    }
    write(event);
    log({actor.id, event});
  }
  // What was just written.
  void log(Operation operation);
  void block(Actor& actor, trace::WaitReason reason, const std::vector<std::uint64_t>& objects);
  void ready(Actor& actor);
  void wake(Actor& actor);
  void keep_house();
  void end(Actor& actor);
  [[nodiscard]] Stream& stream_of(const Actor& actor);
  void introduce(Object& object);

  // operations.cc
  void operate(Actor& actor);
  void access(Actor& actor);
  void plain(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write);
  void range(Actor& actor);
  void range(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write);
  void strided(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write);
  void matrix(Actor& actor, bool is_write);
  void bitmap(Actor& actor, bool is_write);
  void strided(Actor& actor, std::uint64_t offset, std::uint64_t log, std::uint64_t count, std::int64_t stride,
               bool is_write);
  void atomic(Actor& actor, std::uint64_t offset);
  void fence(Actor& actor);
  void memory(Actor& actor);
  void spawn(Actor& actor);
  void join(Actor& actor);
  void rest(Actor& actor);
  void remark(Actor& actor);
  void use_private(Actor& actor, std::uint64_t slot);
  void log_access(const Actor& actor, std::uint64_t site, trace::AccessKind kind, const Bytes& bytes);
  static Bytes bytes_of(std::uint64_t offset, std::uint64_t size);
  static std::uint32_t function_of(const Actor& actor) { return static_cast<std::uint32_t>(actor.frames.back()); }

  // heap.cc
  void use_heap(Actor& actor);
  void free_block(const Actor& actor, Block& block, std::uint64_t offset, std::uint64_t room);
  void touch_block(Actor& actor, std::uint64_t offset, std::uint64_t size);

  // locking.cc
  void use_lock(Actor& actor, Object& lock);
  void acquire(Actor& actor, Object& lock, bool is_shared);
  bool is_free(const Object& lock, bool is_shared) const;
  void take(Actor& actor, Object& lock, bool is_shared);
  void pass_on(Object& lock);
  void release(Actor& actor, Object& lock);
  void use_wait_group(Actor& actor, Object& group);
  void use_once(Actor& actor, Object& once);

  // signals.cc
  void use_cond(Actor& actor, Object& cond);
  void wait_on_cond(Actor& actor, Object& cond);
  void signal(Actor& actor, Object& cond, bool all);
  void use_semaphore(Actor& actor, Object& semaphore);
  void use_timer(Actor& actor, Object& timer);
  void set_timer(Actor& actor, Object& timer);
  void call(Object& timer);

  // channels.cc
  void use_channel(Actor& actor, Object& channel);
  bool can_send(const Object& channel, const Actor& actor) const;
  bool can_receive(const Object& channel, const Actor& actor) const;
  void send(Actor& actor, Object& channel);
  void receive(Actor& actor, Object& channel);
  void close(Actor& actor, Object& channel);
  void select(Actor& actor);
  void send_time(const Object& channel, std::uint64_t ticket);
  void fire(Object& channel);
  void commit(Actor& waiter, const Object& channel, bool sends);
  void wait_on(Actor& actor, std::vector<Case> cases, bool in_select);
  void dequeue(Actor& actor);
  std::vector<std::uint64_t> words_of(const std::vector<Case>& cases) const;
  static Actor* first_other(const std::vector<Actor*>& queue, const Actor& actor);

  std::mt19937_64 random_;
  const bool has_matrices_;  // only some programs: ranges of the others are of every other kind
  std::uint64_t forks_ = 0;
  trace::TraceBuilder trace_;
  std::vector<Operation> program_;
  std::uint64_t accesses_ = 0;
  std::map<std::uint32_t, std::uint64_t> accesses_of_;  // by stream
  std::deque<Actor> actors_;
  std::deque<Stream> streams_;
  std::vector<Object> locks_, channels_, groups_, onces_, conds_, semaphores_, timers_;
  std::vector<std::uint64_t> block_owner_;  // of the private memory slots
  std::vector<Block> blocks_;               // of the heap
  std::uint64_t memory_ticket_ = 0, atomic_ticket_ = 0;
  std::uint64_t cycles_ = 1000;
  std::uint64_t next_object_ = 0;
  trace::StreamBuilder* out_ = nullptr;  // where the present step is written
  Actor* here_ = nullptr;                // who runs there
};

// The calls and the access sites of every function of the simulated programs.
inline constexpr std::uint64_t kPlainCalls = 5;
inline constexpr std::uint64_t kFreeCall = kPlainCalls + 1;  // ends the life of what it frees
inline constexpr std::uint64_t kFunctions = 3;
inline constexpr std::uint64_t kSizes = 4;                       // 1, 2, 4, 8 bytes
inline constexpr std::uint64_t kReadSite = 0;                    // + log2 of the size
inline constexpr std::uint64_t kWriteSite = kReadSite + kSizes;  // + log2 of the size
inline constexpr std::uint64_t kRangeReadSite = kWriteSite + kSizes;
inline constexpr std::uint64_t kRangeWriteSite = kRangeReadSite + 1;
inline constexpr std::uint64_t kAtomicSite = kRangeWriteSite + 1;

// Layout of the simulated memory.
inline constexpr std::uint64_t kSharedBytes = 24;
inline constexpr std::uint64_t kAtomicOffset = 32;    // two atomics of 8 bytes; also read and written plainly at times
inline constexpr std::uint64_t kPrivateOffset = 512;  // slots that are allocated, used by one actor, freed
inline constexpr std::uint64_t kSmallSlots = 8;
inline constexpr std::uint64_t kSmallSlotBytes = 12;
inline constexpr std::uint64_t kRangeOffset = 1024;  // where shared ranges begin; whole pages are possible
inline constexpr std::uint64_t kRangeEnd = 3072;
inline constexpr std::uint64_t kPageOffset = 3072;  // two more slots that make up a page
inline constexpr std::uint64_t kPageEnd = 4096;
inline constexpr std::uint64_t kPageSplit = 300;
inline constexpr std::uint64_t kHeapOffset = kPageEnd;
inline constexpr std::uint64_t kHeapEnd = kMemoryBytes;
inline constexpr auto kHeapMemory = static_cast<std::uint64_t>(trace::MemoryKind::heap);
inline constexpr std::uint64_t kSlots = kSmallSlots + 2;

}  // namespace gordian::oracle
