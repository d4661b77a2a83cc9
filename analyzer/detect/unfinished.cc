// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/unfinished.h"

#include <algorithm>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/stuck.h"
#include "analyzer/detect/waits.h"

namespace gordian::analysis {
namespace {

using trace::WaitReason;

// Runs or could, or its sleep or input would have come to an end. Threads do so in every program.
bool would_have_gone_on(const ActorState& actor) {
  const bool by_itself = actor.status == ActorStatus::runnable || actor.status == ActorStatus::running ||
                         (actor.status == ActorStatus::blocked && ends_by_itself(actor.reason));
  return by_itself && !actor.is_thread;
}

bool waits_for_others(const ActorState& actor) {
  return actor.status == ActorStatus::blocked && !ends_by_itself(actor.reason) && actor.reason != WaitReason::none;
}

ActorRef unfinished(const Scene& scene, const ActorState& state) {
  const Describer describe(scene);
  ActorRef ref = describe.actor(state.id);
  const bool blocked = state.status == ActorStatus::blocked;
  ref.stack = describe.stack(blocked ? state.blocked_at : state.last_place);
  if (!waits_for_others(state)) {
    ref.role = Role::performs;
    return ref;
  }
  ref.role = Role::waits;
  ref.reason = state.reason;
  for (const BlockedOn& on : state.blocked_on) {
    if (state.reason != WaitReason::thread_join) {
      ref.objects.push_back(describe.object(on.object, state.blocked_at));
    }
  }
  ref.waited_ns = describe.ns_until_end(state.blocked_cycles);
  return ref;
}

}  // namespace

std::vector<ActorRef> unfinished_actors(const Scene& scene) {
  const World& world = scene.world;
  std::vector<ActorRef> result;
  if (!world.exited() && !world.main_returned()) {
    return result;
  }
  const StuckActors stuck = find_stuck(world);
  for (const auto& [id, state] : world.actors()) {
    if (id == kMain || std::binary_search(stuck.actors.begin(), stuck.actors.end(), id)) {
      continue;
    }
    if (waits_for_others(state) || (world.main_returned() && would_have_gone_on(state))) {
      result.push_back(unfinished(scene, state));
    }
  }
  return result;
}

}  // namespace gordian::analysis
