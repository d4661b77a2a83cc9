// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/starvation.h"

#include <algorithm>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/stuck.h"
#include "analyzer/detect/waits.h"

namespace gordian::analysis {

std::uint64_t Starvation::waited_ns(const Request& request) const {
  return scene_.time.ns_between(request.began, request.ended);
}

void Starvation::request(const Request& request) {
  const bool asks_for_turns = is_lock_wait(request.reason) || request.reason == trace::WaitReason::semaphore;
  if (!asks_for_turns || request.bypass.count < std::max<std::uint64_t>(limits_.bypasses, 1) ||
      waited_ns(request) < limits_.waited_ns) {
    return;
  }
  Starved& starved = starved_[{request.object, request.place}];
  if (starved.count++ == 0 || waited_ns(request) > waited_ns(starved.worst)) {
    starved.worst = request;
  }
}

Finding Starvation::make(const Starved& starved) const {
  const Describer describe(scene_);
  const Request& request = starved.worst;
  Finding finding;
  finding.kind = FindingKind::Starvation;
  finding.subkind = request.is_open ? "never-served" : "served-late";
  finding.certainty = Certainty::observed;
  finding.object = describe.object(request.object, request.place);
  finding.times = request.bypass.count;
  finding.occurrences = starved.count;
  ActorRef waiter = describe.actor(request.actor);
  waiter.role = Role::waits;
  waiter.reason = request.reason;
  waiter.objects.push_back(finding.object);
  waiter.stack = describe.stack(request.place);
  waiter.waited_ns = waited_ns(request);
  ActorRef other = describe.actor(request.bypass.most);
  other.role = Role::overtakes;
  other.objects.push_back(finding.object);
  other.stack = describe.stack(request.bypass.place);
  finding.actors = {std::move(waiter), std::move(other)};
  return finding;
}

void Starvation::finish(std::vector<Finding>& findings) const {
  if (starved_.empty()) {
    return;
  }
  const StuckActors stuck = find_stuck(scene_.world);
  for (const auto& [key, starved] : starved_) {
    const bool is_stuck =
        starved.worst.is_open && std::binary_search(stuck.actors.begin(), stuck.actors.end(), starved.worst.actor);
    if (!is_stuck) {
      findings.push_back(make(starved));
    }
  }
}

}  // namespace gordian::analysis
