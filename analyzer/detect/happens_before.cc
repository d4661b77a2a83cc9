// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/happens_before.h"

#include <algorithm>
#include <span>

#include "analyzer/model/shadow.h"
#include "runtime/trace/access_word.h"

namespace gordian::analysis {

namespace {

// Of malloc's blocks the rest of the last granule, too: it is nobody else's.
std::uint64_t own_bytes(const trace::Alloc& alloc) {
  constexpr std::uint64_t kAlignment = 16;
  const bool is_mallocs =
      static_cast<trace::MemoryKind>(alloc.kind) == trace::MemoryKind::heap && alloc.address % kAlignment == 0;
  const std::uint64_t part = alloc.size % Shadow::kGranule;
  return alloc.size + (is_mallocs && part != 0 ? Shadow::kGranule - part : 0);
}

}  // namespace

void HappensBefore::step(const Step& step) {
  if (const auto* operation = trace::event_as<trace::Atomic>(&step.event)) {
    atomic(step, *operation);
  } else if (const auto* alloc = trace::event_as<trace::Alloc>(&step.event)) {
    forget(alloc->address, own_bytes(*alloc));
    if (static_cast<trace::MemoryKind>(alloc->kind) == trace::MemoryKind::thread_local_block) {
      add_thread_locals(step.stream, *alloc);
    }
  } else if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    forget(free->address, free->size);
  } else {
    if (wants_places_) {
      held_changes(step);
    }
    clocks_.apply(step);
  }
}

void HappensBefore::end_life(const Step& step, const trace::Free& free, std::uint64_t used) {
  if (!step.actor || free.address > trace::kAddressMask || free.size > trace::kAddressMask) {
    return;
  }
  ActorClock& actor = clocks_.actor(step.actor);
  PastAccess end = present(actor, step.place, trace::AccessKind::write);
  end.ends_life = true;
  history_.end_life(end, free.address, used, actor.clock);
  history_.forget(free.address + used, free.size - used);
  clocks_.forget_atomics(free.address, free.size);
}

// The access of an atomic sees what its acquire brought in and is covered by what its release gives away.
void HappensBefore::atomic(const Step& step, const trace::Atomic& event) {
  if (!step.actor) {
    return;
  }
  clocks_.acquire_atomic(step, event);
  constexpr std::uint64_t kWidest = 16;
  if (event.size > kWidest) {
    return clocks_.release_atomic(step, event);  // no machine has it: a damaged trace
  }
  const bool reads_only = static_cast<trace::AtomicOp>(event.op) == trace::AtomicOp::load;
  record({.stream = step.stream,
          .actor = step.actor,
          .place = step.place,
          .kind = reads_only ? trace::AccessKind::atomic_read : trace::AccessKind::atomic_write,
          .address = event.address,
          .size = event.size});
  clocks_.release_atomic(step, event);
}

void HappensBefore::access(const Access& access) {
  if (access.actor) {
    record(access);
  }
}

// Pieces of one block, cut at stripe borders, follow each other.
void HappensBefore::add_thread_locals(StreamId stream, const trace::Alloc& alloc) {
  const auto [found, is_new] = thread_locals_.try_emplace(stream, ThreadLocals{alloc.address, alloc.address});
  found->second.low = std::min(found->second.low, alloc.address);
  found->second.high = std::max(found->second.high, alloc.address + alloc.size);
  last_stream_ = StreamId();
}

// last_actor_ and last_locals_ are those of the access.
void HappensBefore::enter(StreamId stream, ActorId actor) {
  if (last_actor_ == nullptr || last_actor_->id != actor) {
    last_actor_ = &clocks_.actor(actor);
  }
  if (last_stream_ != stream) {
    last_stream_ = stream;
    const auto found = thread_locals_.find(stream);
    last_locals_ = found != thread_locals_.end() ? found->second : ThreadLocals();
  }
}

PastAccess HappensBefore::present(ActorClock& actor, const Place& place, trace::AccessKind kind) {
  if (!wants_places_) {
    return {.actor = actor.number, .kind = kind, .epoch = actor.use()};
  }
  return {.actor = actor.number,
          .function = stacks_.node(place.stack).function,
          .site = place.site,
          .kind = kind,
          .epoch = actor.use(),
          .stack = place.stack,
          .lockset = lockset(actor)};
}

// A run is cut where it touches variables of the thread, or very much at once.
void HappensBefore::accesses(const AccessRun& run) {
  if (!run.actor) {
    return;
  }
  enter(run.stream, run.actor);
  const PastAccess common = present(*last_actor_, {run.stack, 0, true}, {});
  for (auto rest = run.accesses; !rest.empty();) {
    const auto special = std::find_if(rest.begin(), rest.end(), [&](const PlainAccess& access) {
      return is_thread_local(access.address) || access.size >= Shadow::kPage;
    });
    const auto usual = rest.first(static_cast<std::size_t>(special - rest.begin()));
    patience_.hear(usual.size());
    history_.accesses(common, usual, last_actor_->clock);
    rest = rest.subspan(usual.size());
    if (!rest.empty()) {
      record(run.full(rest.front()));
      rest = rest.subspan(1);
    }
  }
}

void HappensBefore::record(const Access& access) {
  enter(access.stream, access.actor);
  ActorClock& actor =
      is_thread_local(access.address) ? clocks_.enter_thread(access.stream, *last_actor_) : *last_actor_;
  const PastAccess past = present(actor, access.place, access.kind);
  const std::uint64_t step = access.step();
  const bool is_one_piece = access.count == 1 || step == access.size;
  const std::uint64_t pages = access.size * access.count / Shadow::kPage;
  const std::uint64_t parts = is_one_piece ? pages + (access.rows > 1 ? 1 : 0) : access.count + pages;
  patience_.hear(1);
  if (parts > kMostParts / access.rows || !patience_.can_afford(parts * access.rows)) {
    ++too_large_;
    return;
  }
  std::uint64_t address = access.lowest();
  for (std::uint64_t row = 0; row < access.rows; ++row, address += static_cast<std::uint64_t>(access.row_stride)) {
    if (is_one_piece) {
      history_.access(past, address, access.size * access.count, actor.clock);
    } else {
      history_.elements(past, address, access.size, access.count, step, actor.clock);
    }
  }
}

// What lies only in part in the thread's variables is told as the actor's: more is unordered then.
void HappensBefore::footprint(const Footprint& footprint) {
  if (!footprint.actor) {
    return;
  }
  enter(footprint.stream, footprint.actor);
  patience_.hear(footprint.accesses);
  const std::uint64_t low = std::max(last_locals_.low, footprint.page);
  const std::uint64_t high = std::min(last_locals_.high, footprint.page + Shadow::kPage);
  const PageBits locals =
      low < high ? footprint.bits & PageBits::inside(low - footprint.page, high - footprint.page) : PageBits();
  if (locals.any()) {
    ActorClock& thread = clocks_.enter_thread(footprint.stream, *last_actor_);
    history_.footprint(present(thread, {}, footprint.kind), footprint.page, locals, thread.clock);
  }
  if (const PageBits others = footprint.bits - locals; others.any()) {
    history_.footprint(present(*last_actor_, {}, footprint.kind), footprint.page, others, last_actor_->clock);
  }
}

void HappensBefore::forget(std::uint64_t address, std::uint64_t size) {
  if (address <= trace::kAddressMask && size <= trace::kAddressMask) {
    history_.forget(address, size);
    clocks_.forget_atomics(address, size);
  }
}

// The world moves on after this step; the next access looks again.
void HappensBefore::held_changes(const Step& step) {
  const auto stale = [&](ActorId id) {
    const std::uint32_t number = clocks_.actor(id).number;
    if (number < held_.size()) {
      held_[number].is_stale = true;
    }
  };
  if (trace::is_event<trace::Lock>(step.event) || trace::is_event<trace::TryLock>(step.event)) {
    stale(step.actor);
  } else if (const auto* unlock = trace::event_as<trace::Unlock>(&step.event)) {
    if (const ObjectState* lock = world_.object(ObjectId(unlock->object))) {
      for (const ActorId holder : lock->holders) {
        stale(holder);
      }
    }
  }
}

LocksetId HappensBefore::lockset(const ActorClock& actor) {
  if (actor.number >= held_.size()) {
    held_.resize(actor.number + std::size_t{1});
  }
  Held& held = held_[actor.number];
  if (held.is_stale) {
    const ActorState* state = world_.actor(actor.id);
    const std::span<const HeldLock> holds = state != nullptr ? std::span(state->holds) : std::span<const HeldLock>();
    held.lockset = locksets_.intern(holds.last(std::min(holds.size(), kMostHeld)));
    held.is_stale = false;
  }
  return held.lockset;
}

}  // namespace gordian::analysis
