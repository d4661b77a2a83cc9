// SPDX-License-Identifier: Apache-2.0
// Traces of small programs, told step by step: one stream, as with one worker. Switches, runs, tickets and Ready events
// come by themselves. Each actor runs a function of its own name, whose line n is call site n; objects are globals.
//
//   Script s;
//   const Obj mu = s.mutex("mu");
//   s.go(2).as(2).at(10).lock(mu).at(11).block(WaitReason::chan_send, {ch});
//   const auto findings = s.findings();
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/detect/analyze.h"
#include "analyzer/detect/deadlock.h"
#include "analyzer/detect/lock_order.h"
#include "analyzer/detect/misuse.h"
#include "analyzer/detect/unfinished.h"
#include "analyzer/finding/finding.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/model/world_mover.h"
#include "runtime/trace/builder.h"

namespace gordian::analysis {

using trace::LockMode;
using trace::MemoryKind;
using trace::ObjectKind;
using trace::PanicCode;
using trace::WaitReason;
using Obj = std::uint64_t;

class Script {
 public:
  static constexpr std::uint32_t kLines = 100;
  static constexpr std::uint64_t kWrite = 0;  // access sites of each function
  static constexpr std::uint64_t kRead = 1;
  static constexpr std::uint32_t kPlaces = 16;        // more such sites, numbered
  static constexpr std::uint64_t kFree = kLines + 1;  // call site of each function
  static constexpr std::uint32_t kFreeLine = kLines + 3 + kPlaces;

  Script() : stream_(trace_.stream()) {
    stream_.event(trace::ThreadStart{1, 100});
    declare(1);
    as(1);
  }

  Obj mutex(const std::string& name) { return object(name, ObjectKind::mutex, 0); }
  Obj rwmutex(const std::string& name) { return object(name, ObjectKind::rwmutex, 0); }
  Obj channel(const std::string& name, std::uint64_t capacity = 0) {
    return object(name, ObjectKind::channel, capacity);
  }
  Obj wait_group(const std::string& name) { return object(name, ObjectKind::wait_group, 0); }
  Obj once(const std::string& name) { return object(name, ObjectKind::once, 0); }
  Obj cond(const std::string& name) { return object(name, ObjectKind::cond, 0); }
  Obj semaphore(const std::string& name, std::uint64_t permits) { return object(name, ObjectKind::semaphore, permits); }

  Obj posix_semaphore(const std::string& name, std::uint64_t value) {
    return object(name, ObjectKind::posix_semaphore, value);
  }
  Obj atomic(const std::string& name) { return object(name, ObjectKind::atomic, 0); }
  Obj barrier(const std::string& name, std::uint64_t threads) { return object(name, ObjectKind::barrier, threads); }

  // A global; returns its address.
  std::uint64_t variable(const std::string& name) {
    const Obj id = ++objects_;
    const std::uint64_t address = 0x10000 + id * 64;
    trace_.units().global(name, address, 8, "main.cc", static_cast<std::uint32_t>(id));
    return address;
  }

  // From here on this actor runs; the one that ran yields.
  Script& as(std::uint64_t actor) {
    if (current_ == actor) {
      return *this;
    }
    if (current_ != 0) {
      stream_.event(trace::Ready{current_, runs_[current_]});
    }
    current_ = actor;
    stream_.event(trace::Switch{actor, ++runs_[actor], ++cycles_}).call(0, functions_.at(actor));
    return *this;
  }
  Script& at(std::uint64_t line) {
    line_ = line;
    return *this;
  }

  // Lets time pass.
  Script& yield() {
    const std::uint64_t actor = current_;
    const FunctionId function = functions_.at(actor);
    stream_.event(trace::Ready{actor, runs_[actor]});
    stream_.event(trace::Switch{actor, ++runs_[actor], ++cycles_}).call(0, function);
    return *this;
  }
  // `twin`: the child runs the same function as that actor.
  Script& go(std::uint64_t child, std::uint64_t twin = 0) {
    if (twin == 0) {
      declare(child);
    } else {
      functions_[child] = functions_.at(twin);
    }
    return op(trace::Go{0, child, ++children_[current_]});
  }
  Script& thread(std::uint64_t child) {
    declare(child);
    return op(trace::ThreadCreate{0, child, ++children_[current_]});
  }
  Script& end() { return leave(trace::GoEnd{}); }
  Script& block(WaitReason reason, std::vector<std::uint64_t> objects = {}) {
    trace::Block event{0, static_cast<std::uint64_t>(reason), ++cycles_, objects};
    op(event);
    current_ = 0;
    return *this;
  }
  Script& ready(std::uint64_t actor) { return op(trace::Ready{actor, runs_[actor]}); }

  Script& lock(Obj lock, LockMode mode = LockMode::exclusive) {
    return op(trace::Lock{0, lock, ++tickets_[lock], static_cast<std::uint64_t>(mode), 0, 0});
  }
  Script& read_lock(Obj lock) { return this->lock(lock, LockMode::shared); }
  Script& lock_for(std::uint64_t actor, Obj lock) {
    return op(trace::Lock{0, lock, ++tickets_[lock], 0, actor, runs_[actor]});
  }
  Script& try_lock(Obj lock) { return op(trace::TryLock{0, lock, ++tickets_[lock], 0}); }
  Script& try_in_vain(Obj lock) { return op(trace::TryLockFailed{0, lock, 0}); }
  Script& unlock(Obj lock, LockMode mode = LockMode::exclusive) {
    return op(trace::Unlock{0, lock, ++tickets_[lock], static_cast<std::uint64_t>(mode)});
  }
  Script& read_unlock(Obj lock) { return unlock(lock, LockMode::shared); }

  Script& send(Obj channel, std::uint64_t behalf = 0) {
    return op(trace::ChanSend{0, channel, ++sends_[channel], behalf, behalf == 0 ? 0 : runs_[behalf]});
  }
  Script& recv(Obj channel, std::uint64_t behalf = 0) {
    return op(trace::ChanRecv{0, channel, ++receives_[channel], 0, behalf, behalf == 0 ? 0 : runs_[behalf]});
  }
  Script& close(Obj channel) { return op(trace::ChanClose{0, channel}); }
  Script& timer(Obj channel) { return op(trace::TimerSet{0, channel, 1000, ++tickets_[channel], 0, sends_[channel]}); }

  Script& stop_timer(Obj channel) { return op(trace::TimerStop{0, channel, ++tickets_[channel]}); }

  // Ends the waits of these actors.
  Script& signal(Obj cond, const std::vector<std::uint64_t>& waiters = {}, bool all = false) {
    const std::uint64_t ticket = ++tickets_[cond];
    op(trace::CondSignal{0, cond, ticket, all ? 1u : 0u, waiters.size()});
    for (const std::uint64_t waiter : waiters) {
      op(trace::CondWait{0, cond, ++tickets_[cond], ticket, waiter, runs_[waiter]});
    }
    return *this;
  }
  Script& acquire(Obj semaphore, std::uint64_t permits = 1) {
    return op(trace::SemAcquire{0, semaphore, ++tickets_[semaphore], permits, 0, 0});
  }
  Script& release(Obj semaphore, std::uint64_t permits = 1) {
    return op(trace::SemRelease{0, semaphore, ++tickets_[semaphore], permits});
  }

  // A pthread condition: its signals do not say whose waits they end.
  Script& signal_some(Obj cond, std::uint64_t woken) {
    return op(trace::CondSignal{0, cond, ++tickets_[cond], 0, woken});
  }
  Script& comes_back(Obj cond) { return op(trace::CondWait{0, cond, ++tickets_[cond], 0, 0, 0}); }

  Script& add(Obj group, std::int64_t delta) {
    counters_[group] += delta;
    return op(trace::WgAdd{0, group, ++tickets_[group], delta, counters_[group]});
  }
  Script& done(Obj group) { return add(group, -1); }
  Script& wait(Obj group) { return op(trace::WgWait{0, group, ++tickets_[group], 0, 0}); }
  Script& once_begin(Obj once) { return op(trace::OnceBegin{0, once, ++tickets_[once]}); }
  Script& once_end(Obj once) { return op(trace::OnceEnd{0, once, ++tickets_[once]}); }

  // Plain accesses of a word, and an atomic of that name.
  Script& write(std::uint64_t address) {
    stream_.access(kWrite, address);
    return *this;
  }
  Script& read(std::uint64_t address) {
    stream_.access(kRead, address);
    return *this;
  }
  // The same at one of kPlaces places of the function.
  Script& write(std::uint64_t address, std::uint32_t place) {
    stream_.access(kRead + 1 + 2 * std::uint64_t{place}, address);
    return *this;
  }
  Script& read(std::uint64_t address, std::uint32_t place) {
    stream_.access(kRead + 2 + 2 * std::uint64_t{place}, address);
    return *this;
  }
  Script& atomic(trace::AtomicOp op, std::uint64_t address) {
    const auto order = static_cast<std::uint64_t>(trace::AtomicOrder::seq_cst);
    stream_.op(trace::Atomic{kWrite, address, 8, static_cast<std::uint64_t>(op), order, 1, ++atomics_});
    return *this;
  }

  // A block of memory; free() gives it back by a call of that name.
  Script& alloc(std::uint64_t address, std::uint64_t size, MemoryKind kind = MemoryKind::heap) {
    return op(trace::Alloc{0, address, size, static_cast<std::uint64_t>(kind), 0, ++memory_});
  }
  Script& free(std::uint64_t address, std::uint64_t size, MemoryKind kind = MemoryKind::heap) {
    stream_.op(trace::Free{kFree, address, size, static_cast<std::uint64_t>(kind), 0, ++memory_});
    return *this;
  }

  Script& panic(PanicCode code, Obj object) {
    return op(trace::Panic{0, static_cast<std::uint64_t>(code), object, ""});
  }
  Script& fatal(PanicCode code, Obj object = 0) {
    return op(trace::Fatal{0, static_cast<std::uint64_t>(code), object, ""});
  }
  Script& main_returns() { return op(trace::Exit{0, 1}); }
  Script& exits(std::uint64_t status) { return op(trace::Exit{status, 0}); }
  template <class Event>
  Script& op(Event event) {
    if constexpr (trace::HasSite<Event>) {
      event.site = line_;
    }
    stream_.op(event);
    return *this;
  }

  // Merges the trace; the observers see each step before world() moves on.
  void replay(std::vector<Observer*> observers) {
    WorldMover mover(world_);
    load();
    observers.push_back(names_.get());
    observers.push_back(&mover);
    const Result<MergeSummary> merged = merge(*file_, *symbols_, stacks_, observers);
    ASSERT_TRUE(merged.has_value()) << merged.error().what;
    ASSERT_EQ((*merged).unordered, 0U) << "the script is no legal trace";
  }

  // By all detectors.
  std::vector<Finding> analysed() {
    load();
    Result<Analysis> analysis = analyze(*file_);
    EXPECT_TRUE(analysis.has_value()) << analysis.error().what;
    return analysis.has_value() ? std::move(analysis->findings) : std::vector<Finding>{};
  }

  // Deadlocks first, then lock orders, then misuse, as analyze() does.
  std::vector<Finding> findings() {
    load();
    const Scene scene{world_, *symbols_, stacks_, *names_};
    Deadlock deadlock(scene);
    LockOrder lock_order(scene);
    Misuse misuse(scene);
    replay({&deadlock, &lock_order, &misuse});
    std::vector<Finding> findings;
    deadlock.finish(findings);
    lock_order.finish(findings);
    misuse.finish(findings);
    return findings;
  }
  // Those of one detector; a cycle is a nanosecond.
  template <class OneDetector, class... Options>
  std::vector<Finding> findings_of(const Options&... options) {
    load();
    OneDetector detector(Scene{world_, *symbols_, stacks_, *names_, {1.0, 0}}, options...);
    replay({&detector});
    std::vector<Finding> findings;
    detector.finish(findings);
    return findings;
  }
  [[nodiscard]] const World& world() const { return world_; }
  // After findings().
  [[nodiscard]] std::vector<ActorRef> unfinished() const {
    return unfinished_actors({world_, *symbols_, stacks_, *names_});
  }

 private:
  void load() {
    if (symbols_ == nullptr) {
      Result<trace::TraceFile> file = trace::TraceFile::from_bytes(trace_.bytes(), "script");
      ASSERT_TRUE(file.has_value()) << file.error().what;
      file_ = std::make_unique<trace::TraceFile>(std::move(*file));
      symbols_ = std::make_unique<Symbols>(std::move(*Symbols::read(*file_)));
      names_ = std::make_unique<ObjectNames>(*symbols_, stacks_);
    }
  }

  void declare(std::uint64_t actor) {
    const std::string name = actor == 1 ? "main" : "g" + std::to_string(actor);
    functions_[actor] = trace_.units().function(name, name + ".cc", 1);
    trace_.units().access(kLines + 1, "value", trace::AccessKind::write, 8);
    trace_.units().access(kLines + 2, "value", trace::AccessKind::read, 8);
    for (std::uint32_t place = 0; place < kPlaces; ++place) {
      trace_.units().access(kLines + 3 + place, "value", trace::AccessKind::write, 8);
      trace_.units().access(kLines + 3 + place, "value", trace::AccessKind::read, 8);
    }
    for (std::uint32_t line = 1; line <= kLines; ++line) {
      trace_.units().call(line, "op");
    }
    trace_.units().call(kFreeLine, "free");
  }

  Obj object(const std::string& name, ObjectKind kind, std::uint64_t capacity) {
    const Obj id = ++objects_;
    const std::uint64_t address = 0x10000 + id * 64;
    trace_.units().global(name, address, 64, "main.cc", static_cast<std::uint32_t>(id));
    op(trace::Object{0, id, static_cast<std::uint64_t>(kind), address, capacity});
    return id;
  }

  template <class Event>
  Script& leave(const Event& event) {
    op(event);
    current_ = 0;
    return *this;
  }

  trace::TraceBuilder trace_;
  trace::StreamBuilder& stream_;
  std::map<std::uint64_t, FunctionId> functions_;
  std::map<std::uint64_t, std::uint64_t> runs_, children_, tickets_, sends_, receives_;
  std::map<std::uint64_t, std::int64_t> counters_;
  std::uint64_t current_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t cycles_ = 0;
  std::uint64_t objects_ = 0;
  std::uint64_t atomics_ = 0;
  std::uint64_t memory_ = 0;
  std::unique_ptr<trace::TraceFile> file_;
  std::unique_ptr<Symbols> symbols_;
  StackTable stacks_;
  std::unique_ptr<ObjectNames> names_;
  World world_;
};

// The guilty edges as "step from -> to" in walking order, for comparison at one look: `1 g1 -> a`, `2 a -> g2`.
inline std::vector<std::string> guilty_steps(const Finding& finding) {
  const auto name = [&](std::uint32_t index) -> std::string {
    const GraphNode& node = finding.graph.nodes[index];
    const std::string actor = "g" + std::to_string(node.actor.id.value);
    switch (node.kind) {
      case NodeKind::actor:
        return actor + (node.count > 1 ? " x" + std::to_string(node.count) : "");
      case NodeKind::select:
        return "select of " + actor;
      case NodeKind::nobody:
        return "nobody";
      case NodeKind::object:
        break;
    }
    return node.object.name.empty() ? "nil" : node.object.name;
  };
  std::vector<std::string> steps;
  for (const GraphEdge& edge : finding.graph.edges) {
    EXPECT_EQ(edge.guilty, !edge.step.empty());
    if (edge.guilty) {
      steps.push_back(edge.step + " " + name(edge.from) + " -> " + name(edge.to));
    }
  }
  const auto number = [](const std::string& step) {
    const std::string word = step.substr(0, step.find(' '));
    std::size_t digits = 0;
    const int value = std::stoi(word, &digits);
    return std::pair(value, word.substr(digits));
  };
  std::sort(steps.begin(), steps.end(),
            [&](const std::string& a, const std::string& b) { return number(a) < number(b); });
  return steps;
}

inline std::vector<std::uint64_t> actor_ids(const Finding& finding) {
  std::vector<std::uint64_t> ids;
  for (const ActorRef& actor : finding.actors) {
    ids.push_back(actor.id.value);
  }
  return ids;
}

// Locks `first`, then `second`, and releases both: requests at line + 1.
inline void nest(Script& s, Obj first, Obj second, std::uint64_t line = 10) {
  s.at(line).lock(first).at(line + 1).lock(second).at(line + 2).unlock(second).unlock(first);
}

// Four workers from one go statement that receive at one line.
inline void start_idle_workers(Script& s, Obj jobs) {
  s.at(3).go(2);
  for (std::uint64_t g = 3; g < 6; ++g) {
    s.go(g, 2);
  }
  for (std::uint64_t g = 2; g < 6; ++g) {
    s.as(g).at(20).block(WaitReason::chan_receive, {jobs});
  }
}

}  // namespace gordian::analysis
