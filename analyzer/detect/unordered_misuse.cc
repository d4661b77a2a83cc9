// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/unordered_misuse.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {

Observer* UnorderedMisuse::again() {
  const auto& pairs = candidates_.pairs();
  const bool is_wanted = !second_ && std::any_of(pairs.begin(), pairs.end(), [&](const auto& candidate) {
    return !is_struck(candidate.second.object);
  });
  return is_wanted ? &second_.emplace() : nullptr;
}

Finding UnorderedMisuse::make(std::string_view subkind, const UnorderedCalls::Pair& pair) const {
  const Describer describe(scene_);
  Finding finding;
  finding.kind = FindingKind::Misuse;
  finding.subkind = subkind;
  finding.certainty = pair.certainty;
  finding.occurrences = pair.count;
  finding.object = describe.object(pair.object, pair.one.place);
  for (const UnorderedCalls::Call* call : {&pair.one, &pair.another}) {
    ActorRef actor = describe.actor(call->actor);
    actor.role = Role::performs;
    actor.stack = describe.stack(call->place);
    actor.objects.push_back(finding.object);
    finding.actors.push_back(std::move(actor));
  }
  return finding;
}

bool UnorderedMisuse::is_struck(ObjectId object) const {
  const std::vector<PanicRecord>& panics = scene_.world.panics();
  return std::any_of(panics.begin(), panics.end(), [&](const PanicRecord& panic) { return panic.object == object; });
}

// The same two places on many objects are one mistake.
void UnorderedMisuse::finish(std::vector<Finding>& findings) {
  if (!second_) {
    return;
  }
  std::map<std::tuple<std::string_view, Place, Place>, UnorderedCalls::Pair> mistakes;
  for (const auto& [key, pair] : second_->calls().pairs()) {
    if (is_struck(pair.object)) {
      continue;
    }
    const auto& [subkind, one, another, object] = key;
    const auto [known, is_new] = mistakes.try_emplace({subkind, one, another}, pair);
    if (!is_new) {
      known->second.add(pair);
    }
  }
  for (const auto& [key, pair] : mistakes) {
    findings.push_back(make(std::get<0>(key), pair));
  }
}

}  // namespace gordian::analysis
