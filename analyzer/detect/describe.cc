// SPDX-License-Identifier: Apache-2.0
// Looks up, in order of trust: the global that contains the address, the best of the program's words for it, the words
// at the use at hand: so an object keeps one name throughout a report.
#include "analyzer/detect/describe.h"

#include <algorithm>

#include "analyzer/finding/phrases.h"

namespace gordian::analysis {

namespace {

std::uint64_t length_of(const ObjectState& state) {
  switch (state.kind) {
    case trace::ObjectKind::wait_group:
    case trace::ObjectKind::semaphore:
      return static_cast<std::uint64_t>(std::max<std::int64_t>(state.counter, 0));
    case trace::ObjectKind::barrier:
      return state.holders.size();
    default:
      return state.sends - std::min(state.sends, state.receives);
  }
}

}  // namespace

Frame user_frame_of(const Stack& stack) {
  const Frame* frame = user_frame(stack);
  return frame != nullptr ? *frame : Frame{};
}

Stack Describer::stack(const Place& place) const { return scene_.symbols.resolve(scene_.stacks, place); }

Frame Describer::frame(const Place& place) const { return user_frame_of(stack(place)); }

std::string Describer::name_from_calls(ObjectId id, const ObjectState& state, const Place& use) const {
  const std::string name = scene_.names.of(id);
  if (!name.empty()) {
    return name;
  }
  // A panic and the end of its memory are no uses. The rule for waits is that of the names.
  const CallWords call = scene_.symbols.user_call(scene_.stacks, use);
  return is_lock(state.kind) && is_wait(call.callee) ? "" : std::string(call.object);
}

ObjectRef Describer::object(ObjectId id, const Place& use) const {
  const ObjectState* state = scene_.world.object(id);
  if (state == nullptr) {
    ObjectRef unknown;
    unknown.object_class = ObjectClass::sync;
    unknown.id = id;
    unknown.name = scene_.symbols.call_object(scene_.stacks, use);
    return unknown;
  }
  ObjectRef ref = scene_.symbols.global_at(state->address);
  if (state->kind == trace::ObjectKind::atomic) {
    // It is a part of what the program knows by a name (a latch), or stands for that in a table of the library, whose
    // own names begin so.
    const std::string called = name_from_calls(id, *state, use);
    ref.name = !called.empty() ? called : ref.name.starts_with("__") ? "" : ref.name;
  }
  ref.object_class = ObjectClass::sync;
  ref.sync_kind = state->kind;
  ref.id = id;
  ref.address = state->address;
  if (ref.name.empty()) {
    ref.name = name_from_calls(id, *state, use);
  }
  ref.capacity = state->capacity;
  ref.length = length_of(*state);
  ref.created = stack(state->created);
  return ref;
}

ActorKind Describer::kind_of(ActorId id) const {
  const ActorState* state = scene_.world.actor(id);
  return state != nullptr && state->is_thread ? ActorKind::thread : ActorKind::goroutine;
}

ActorRef Describer::actor(ActorId id) const {
  ActorRef ref;
  ref.id = id;
  if (const ActorState* state = scene_.world.actor(id)) {
    ref.kind = kind_of(id);
    ref.name = state->name;
    ref.parent = state->parent;
    ref.parent_kind = kind_of(state->parent);
    ref.created = stack(state->created);
  }
  return ref;
}

std::vector<Hold> Describer::holds(std::span<const HeldLock> locks) const {
  std::vector<Hold> holds;
  for (const HeldLock& lock : locks) {
    holds.push_back({object(lock.object, lock.place), lock.mode, stack(lock.place)});
  }
  return holds;
}

}  // namespace gordian::analysis
