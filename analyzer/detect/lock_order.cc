// SPDX-License-Identifier: Apache-2.0
// Groups the cycles by what a reader would call the same bug: the same lines request, the same lines hold.
#include "analyzer/detect/lock_order.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/lock_cycles.h"
#include "analyzer/detect/order_graph.h"

namespace gordian::analysis {
namespace {

constexpr CycleLimits kLimits{.max_length = 8, .max_cycles = 1000, .max_steps = 2'000'000};

struct Group {
  const LockCycle* first = nullptr;
  std::uint64_t occurrences = 0;
  bool hung = false;
};

// The locks of a deadlock that was observed.
using HungLocks = std::set<ObjectId>;

std::vector<HungLocks> hung_locks(const std::vector<Finding>& findings) {
  std::vector<HungLocks> hung;
  for (const Finding& finding : findings) {
    if (finding.kind != FindingKind::Deadlock) {
      continue;
    }
    HungLocks& locks = hung.emplace_back();
    for (const GraphNode& node : finding.graph.nodes) {
      if (node.kind == NodeKind::object && node.guilty) {
        locks.insert(node.object.id);
      }
    }
  }
  return hung;
}

class Reporter {
 public:
  Reporter(const Scene& scene, const std::vector<LockDependency>& dependencies)
      : describe_(scene), dependencies_(dependencies), cycles_(find_lock_cycles(scene.world, dependencies, kLimits)) {}

  [[nodiscard]] bool complete() const { return cycles_.complete; }

  void run(std::vector<Finding>& findings) {
    const std::vector<HungLocks> hung = hung_locks(findings);
    std::map<std::string, Group> groups;
    std::vector<const Group*> in_order;
    for (const LockCycle& cycle : cycles_.cycles) {
      const auto [known, fresh] = groups.try_emplace(signature(cycle));
      Group& group = known->second;
      if (fresh) {
        group.first = &cycle;
        in_order.push_back(&group);
      }
      group.occurrences += occurrences(cycle);
      group.hung = group.hung || std::any_of(hung.begin(), hung.end(),
                                             [&](const HungLocks& locks) { return consists_of(cycle, locks); });
    }
    for (const Group* group : in_order) {
      if (!group->hung) {
        findings.push_back(make(*group));
      }
    }
  }

 private:
  static bool consists_of(const LockCycle& cycle, const HungLocks& locks) {
    return std::all_of(cycle.edges.begin(), cycle.edges.end(),
                       [&](const CycleEdge& edge) { return locks.contains(edge.dependency->lock); });
  }

  static std::uint64_t occurrences(const LockCycle& cycle) {
    std::uint64_t least = ~std::uint64_t{0};
    for (const CycleEdge& edge : cycle.edges) {
      least = std::min(least, edge.requester->count);
    }
    return least;
  }

  static const HeldLock& hold_of(const CycleEdge& edge) {
    const auto& holds = edge.requester->holds;
    return *std::find_if(holds.begin(), holds.end(), [&](const HeldLock& hold) { return hold.object == edge.held; });
  }

  // Independent of the actors, of the order in which the cycle was walked, and of which elements of an array they met
  // at.
  [[nodiscard]] std::string signature(const LockCycle& cycle) {
    std::vector<std::string> parts;
    parts.reserve(cycle.edges.size());
    for (const CycleEdge& edge : cycle.edges) {
      parts.push_back(position(edge.requester->request) + " " + name(edge.dependency->lock, edge.requester->request) +
                      " < " + position(hold_of(edge).place));
    }
    std::sort(parts.begin(), parts.end());
    parts.push_back(cycle.writers.empty() ? "" : "behind a writer");
    std::string joined;
    for (const std::string& part : parts) {
      joined += part + "\n";
    }
    return joined;
  }

  std::string position(const Place& place) {
    const auto [known, fresh] = positions_.try_emplace(place);
    if (fresh) {
      const Frame frame = describe_.frame(place);
      known->second =
          frame.function + " " + frame.file + ":" + std::to_string(frame.line) + ":" + std::to_string(frame.column);
    }
    return known->second;
  }

  std::string name(ObjectId lock, const Place& use) {
    const auto [known, fresh] = names_.try_emplace(lock);
    if (fresh) {
      known->second = describe_.object(lock, use).name;
      std::erase_if(known->second, [](char c) { return c >= '0' && c <= '9'; });
    }
    return known->second;
  }

  Finding make(const Group& group) const {
    const LockCycle& cycle = *group.first;
    Finding finding;
    finding.kind = FindingKind::LockOrderInversion;
    finding.subkind = cycle.edges.size() == 1 ? "recursive-read-lock" : cycle.writers.empty() ? "" : "behind-writer";
    finding.certainty = Certainty::potential;
    finding.occurrences = group.occurrences;
    for (const std::vector<CycleEdge>* edges : {&cycle.edges, &cycle.writers}) {
      for (const CycleEdge& edge : *edges) {
        finding.actors.push_back(requesting_actor(edge));
      }
    }
    finding.object = finding.actors.front().objects.front();
    finding.graph = draw_orders(describe_, cycle, dependencies_);
    return finding;
  }

  [[nodiscard]] ActorRef requesting_actor(const CycleEdge& edge) const {
    ActorRef ref = describe_.actor(edge.requester->actor);
    ref.role = Role::requests;
    ref.objects.push_back(describe_.object(edge.dependency->lock, edge.requester->request));
    ref.stack = describe_.stack(edge.requester->request);
    ref.holds = describe_.holds(edge.requester->holds);
    return ref;
  }

  const Describer describe_;
  const std::vector<LockDependency>& dependencies_;
  const LockCycles cycles_;
  std::map<Place, std::string> positions_;
  std::map<ObjectId, std::string> names_;
};

}  // namespace

void LockOrder::finish(std::vector<Finding>& findings) {
  Reporter reporter(scene_, dependencies_.all());
  reporter.run(findings);
  complete_ = reporter.complete() && dependencies_.complete();
}

}  // namespace gordian::analysis
