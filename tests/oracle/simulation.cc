// SPDX-License-Identifier: Apache-2.0
// The scheduler and the writing down; what the actors do is in operations.cc, locking.cc and channels.cc.
#include "tests/oracle/simulation.h"

#include <algorithm>

namespace gordian::oracle {

using trace::AccessKind;
using trace::WaitReason;

Simulation::Simulation(std::uint64_t seed) : random_(seed), has_matrices_(seed % 4 == 0), block_owner_(kSlots) {
  build_tables();
  for (int i = 0; i < 2; ++i) {
    locks_.push_back({.kind = trace::ObjectKind::mutex});
  }
  locks_.push_back({.kind = trace::ObjectKind::rwmutex});
  for (const std::uint64_t capacity : {0, 0, 1, 2}) {
    channels_.push_back({.kind = trace::ObjectKind::channel, .capacity = capacity});
  }
  for (int i = 0; i < 3; ++i) {
    channels_.push_back({.kind = trace::ObjectKind::channel, .has_timer = true});
  }
  groups_.push_back({.kind = trace::ObjectKind::wait_group});
  onces_.push_back({.kind = trace::ObjectKind::once});
  conds_.push_back({.kind = trace::ObjectKind::cond});
  semaphores_.push_back({.kind = trace::ObjectKind::semaphore, .capacity = 2});
  timers_.push_back({.kind = trace::ObjectKind::timer});
}

void Simulation::build_tables() {
  trace::UnitBuilder& unit = trace_.units();
  for (std::uint64_t f = 0; f < kFunctions; ++f) {
    unit.function("f" + std::to_string(f), "program.cc", 10 * static_cast<std::uint32_t>(f + 1));
    for (const AccessKind kind : {AccessKind::read, AccessKind::write}) {
      for (std::uint32_t log = 0; log < kSizes; ++log) {
        unit.access(log, "x", kind, 1u << log);
      }
    }
    unit.access(20, "range", AccessKind::read, 0);
    unit.access(21, "range", AccessKind::write, 0);
    unit.access(22, "atomic", AccessKind::atomic_write, 8);
    for (std::uint32_t call = 1; call <= kPlainCalls; ++call) {
      unit.call(30 + call, "callee");
    }
    unit.call(40, "free");
  }
}

void Simulation::run() {
  Actor& main = create(false);
  streams_.push_back({.out = &trace_.stream()});
  main.home = streams_.back().out->id();
  streams_.back().out->event(trace::ThreadStart{main.id, 100});
  for (int worker = 0; worker < 2; ++worker) {
    streams_.push_back({.out = &trace_.stream()});
    streams_.back().out->event(trace::ThreadStart{0, 101u + static_cast<std::uint64_t>(worker)});
  }
  const std::uint64_t steps = 100 + below(500);
  for (std::uint64_t i = 0; i < steps; ++i) {
    Stream& stream = streams_[below(streams_.size())];
    if (chance(3)) {
      stream.out->cut(chance(50) ? trace::Family::sync : trace::Family::access);
    }
    step(stream);
  }
  finish();
}

void Simulation::step(Stream& stream) {
  if (stream.own_actor != 0 && actors_[stream.own_actor - 1].state == State::ended) {
    return;
  }
  out_ = stream.out;
  here_ = stream.actor;
  if (here_ != nullptr) {
    wander(*here_);
    out_->stack(here_->frames);
  }
  const bool is_idle_thread = stream.own_actor != 0 && here_ == nullptr;
  if (chance(15) && !is_idle_thread) {
    keep_house();
  }
  if (here_ != nullptr) {
    operate(*here_);
    return;
  }
  std::vector<Actor*> candidates;
  for (Actor& actor : actors_) {
    const bool fits = stream.own_actor != 0 ? actor.id == stream.own_actor
                                            : !actor.is_thread && (actor.home == 0 || actor.home == stream.out->id());
    if (fits && actor.state == State::runnable) {
      candidates.push_back(&actor);
    }
  }
  if (!candidates.empty()) {
    put_on(stream, *candidates[below(candidates.size())]);
  }
}

void Simulation::put_on(Stream& stream, Actor& actor) {
  stream.actor = here_ = &actor;
  actor.state = State::running;
  write(trace::Switch{actor.id, ++actor.run, ++cycles_});
  out_->stack(actor.frames);
  if (const auto resume = std::exchange(actor.resume, nullptr)) {
    resume(actor);
  }
}

// What nobody in the program does: timers fire, sleepers wake, threads that were waited for have ended.
void Simulation::keep_house() {
  for (Object& channel : channels_) {
    if (channel.timers > 0 && chance(50)) {
      fire(channel);
    }
  }
  for (Object& timer : timers_) {
    if (timer.timers > 0 && chance(50)) {
      call(timer);
    }
  }
  for (Actor& actor : actors_) {
    const bool joined = actor.joins != nullptr && actor.joins->state == State::ended;
    if (actor.state == State::blocked && (((actor.sleeps || actor.times_out) && chance(50)) || joined)) {
      actor.sleeps = actor.times_out = actor.is_parked = false;
      ready(actor);
    }
  }
}

void Simulation::finish() {
  Stream& stream = streams_.front();
  out_ = stream.out;
  here_ = stream.actor;
  if (here_ == nullptr) {
    return;  // main does not run: the program was killed
  }
  out_->stack(here_->frames);
  for (Object& lock : locks_) {
    if (lock.is_known && !lock.is_over && lock.writer == nullptr && lock.readers.empty() && lock.waiting.empty()) {
      perform(*here_, trace::ObjectEnd{site(), lock.id, ++lock.ticket});
    }
  }
  if (chance(10)) {
    write(trace::Fatal{site(), static_cast<std::uint64_t>(trace::PanicCode::all_asleep), 0, "all asleep"});
  }
  write(trace::Exit{0, 1});
  for (Stream& other : streams_) {
    if (other.own_actor == 0 && other.actor == nullptr && chance(30)) {
      other.out->event(trace::ThreadEnd{});
    }
  }
}

Simulation::Actor& Simulation::create(bool is_thread) {
  Actor& actor = actors_.emplace_back();
  actor.id = actors_.size();
  actor.is_thread = is_thread;
  actor.frames = {1 + below(kFunctions)};
  return actor;
}

void Simulation::begin_thread(Actor& actor) {
  streams_.push_back({.out = &trace_.stream(), .own_actor = actor.id});
  actor.home = streams_.back().out->id();
  streams_.back().out->event(trace::ThreadStart{actor.id, 200 + actor.id});
}

Simulation::Stream& Simulation::stream_of(const Actor& actor) {
  return *std::find_if(streams_.begin(), streams_.end(), [&](const Stream& stream) { return stream.actor == &actor; });
}

// Calls and returns between the operations.
void Simulation::wander(Actor& actor) {
  if (actor.frames.size() > 1 && chance(20)) {
    actor.frames.pop_back();
  }
  if (actor.frames.size() < 4 && chance(20)) {
    actor.frames.push_back(site() << 32 | (1 + below(kFunctions)));
  }
}

std::uint64_t Simulation::site() { return 1 + below(kPlainCalls); }

void Simulation::log(Operation operation) {
  const bool is_access = operation.event.index() == 0;
  const std::uint32_t stream = out_->id();
  operation.written = {stream, is_access, is_access ? accesses_of_[stream]++ : out_->ordinal() - 1};
  program_.push_back(std::move(operation));
}

void Simulation::introduce(Object& object) {
  if (!object.is_known) {
    object.is_known = true;
    object.id = 10 + ++next_object_;
    perform(*here_, trace::Object{site(), object.id, static_cast<std::uint64_t>(object.kind), 0x90000 + object.id * 64,
                                  object.capacity});
  }
}

void Simulation::block(Actor& actor, WaitReason reason, const std::vector<std::uint64_t>& objects) {
  perform(actor, trace::Block{site(), static_cast<std::uint64_t>(reason), ++cycles_, objects});
  program_.back().awaited = objects.empty() ? 0 : objects.front();
  actor.state = State::blocked;
  stream_of(actor).actor = nullptr;
  here_ = nullptr;
}

void Simulation::wake(Actor& actor) { actor.state = State::runnable; }

void Simulation::ready(Actor& actor) {
  write(trace::Ready{actor.id, actor.run});
  wake(actor);
}

void Simulation::end(Actor& actor) {
  if (actor.is_thread) {
    write(trace::ThreadEnd{});
  } else {
    write(trace::GoEnd{});
  }
  actor.state = State::ended;
  stream_of(actor).actor = nullptr;
  here_ = nullptr;
}

}  // namespace gordian::oracle
