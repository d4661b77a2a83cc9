// SPDX-License-Identifier: Apache-2.0
// Components of the actors' wait-for graph, sinks first: a cyclic one owns itself, any other actor belongs to the owner
// of what it waits for, and who waits for nobody founds a group with all that block at the same place.
#include "analyzer/detect/deadlock.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analyzer/detect/step_numbers.h"
#include "analyzer/detect/wait_for.h"
#include "analyzer/detect/wait_graph.h"
#include "analyzer/graph/scc.h"

namespace gordian::analysis {
namespace {

using trace::WaitReason;

constexpr std::size_t kMostInstances = 8;  // of one leak, each on objects of its own, that are drawn

std::string subkind_of(WaitReason reason) {
  switch (reason) {
    case WaitReason::chan_receive:
      return "receive";
    case WaitReason::chan_send:
      return "send";
    case WaitReason::chan_receive_nil:
    case WaitReason::chan_send_nil:
      return "nil-channel";
    case WaitReason::select:
    case WaitReason::select_empty:
      return "select";
    case WaitReason::mutex_lock:
    case WaitReason::rwmutex_lock:
    case WaitReason::rwmutex_rlock:
      return "lock";
    case WaitReason::wait_group:
      return "wait-group";
    case WaitReason::once:
      return "once";
    case WaitReason::cond_wait:
      return "cond";
    case WaitReason::atomic_wait:
      return "atomic";
    case WaitReason::semaphore:
      return "semaphore";
    case WaitReason::barrier:
      return "barrier";
    default:
      return "join";
  }
}

bool is_unserved(const Wait& wait) {
  return std::any_of(wait.cases.begin(), wait.cases.end(), [](const WaitCase& one) { return one.unserved; });
}

const LostSignal* lost_signal(const Wait& wait) { return wait.cases.empty() ? nullptr : wait.cases.front().lost; }

class Sorter {
 public:
  Sorter(const Scene& scene, const StuckActors& stuck, const std::vector<Wait>& waits)
      : describe_(scene),
        main_returned_(scene.world.main_returned()),
        stuck_(stuck),
        waits_(waits),
        graph_(actor_graph(waits)),
        components_(strongly_connected(graph_)) {}

  void run(std::vector<Finding>& findings) {
    if (stuck_.everybody) {
      findings.push_back(all_asleep());
      return;
    }
    assign_owners();
    for (auto& [owner, members] : owned_) {
      findings.push_back(owner.cyclic ? partial(members) : nobody_left(members));
    }
  }

 private:
  // Cyclic components come first, then groups of waits that lead to nobody.
  struct Owner {
    bool cyclic = false;
    std::uint32_t component = 0;
    std::tuple<WaitReason, bool, Place, Place> place;  // of the first wait: how, lost, where created, where blocked
    bool operator<(const Owner& other) const {
      return std::tie(other.cyclic, component, place) < std::tie(cyclic, other.component, other.place);
    }
  };

  [[nodiscard]] bool in_cycle(Node node) const { return components_.cyclic[components_.of[node]]; }

  Finding all_asleep() const {
    std::vector<Member> members;
    const bool any_cycle =
        std::find(components_.cyclic.begin(), components_.cyclic.end(), true) != components_.cyclic.end();
    const bool any_lost =
        std::any_of(waits_.begin(), waits_.end(), [](const Wait& wait) { return lost_signal(wait) != nullptr; });
    if (any_lost && !any_cycle) {
      for (const Wait& wait : waits_) {
        members.push_back({&wait, lost_signal(wait) != nullptr ? 1U : 0U});
      }
      return make(FindingKind::LostWakeup, "all-asleep", members);
    }
    // Where nobody made the first move, every wait is a part of why.
    const bool any_unserved = std::any_of(waits_.begin(), waits_.end(), is_unserved);
    const std::vector<bool> from_first = waits_.empty() ? std::vector<bool>{} : reachable(graph_, std::vector<Node>{0});
    for (Node node = 0; node < waits_.size(); ++node) {
      const std::uint32_t cycle = in_cycle(node) ? components_.of[node] + 1 : 0;
      members.push_back({&waits_[node], any_cycle ? cycle : std::uint32_t{any_unserved || from_first[node]}});
    }
    return make(FindingKind::Deadlock, "all-asleep", members);
  }

  Finding partial(const std::vector<Node>& nodes) const {
    std::vector<Member> members;
    members.reserve(nodes.size());
    for (const Node node : nodes) {
      members.push_back({&waits_[node], in_cycle(node) ? components_.of[node] + 1 : 0});
    }
    return make(FindingKind::Deadlock, "partial", members);
  }

  Finding nobody_left(const std::vector<Node>& nodes) const {
    std::vector<Member> members;
    std::uint64_t founders = 0;
    const Wait* first = nullptr;
    std::set<ObjectId> objects;
    for (const Node node : nodes) {
      const Wait& wait = waits_[node];
      const bool founds = graph_.successors(node).empty();
      if (founds) {
        first = first == nullptr ? &wait : first;
        ++founders;
        objects.insert(wait.cases.empty() ? ObjectId{} : wait.cases.front().object);
      }
      if (objects.size() <= kMostInstances) {
        members.push_back({&wait, founds ? 1U : 0U});
      }
    }
    const FindingKind forsaken = main_returned_ ? FindingKind::LeakedGoroutine : FindingKind::StuckGoroutine;
    Finding finding = lost_signal(*first) != nullptr ? make(FindingKind::LostWakeup, "partial", members)
                                                     : make(forsaken, subkind_of(first->actor->reason), members);
    finding.occurrences = founders;
    return finding;
  }

  void assign_owners() {
    std::vector<Owner> owners(components_.size());
    for (std::uint32_t c = 0; c < components_.size(); ++c) {
      owners[c] = owner_of(c, owners);
      for (const Node node : components_.members[c]) {
        owned_[owners[c]].push_back(node);
      }
    }
    for (auto& [owner, members] : owned_) {
      std::sort(members.begin(), members.end());
    }
  }

  [[nodiscard]] Owner owner_of(std::uint32_t component, const std::vector<Owner>& owners) const {
    if (components_.cyclic[component]) {
      return {true, component, {}};
    }
    const Node node = components_.members[component].front();
    const ActorState& actor = *waits_[node].actor;
    const Owner own{false, 0, {actor.reason, lost_signal(waits_[node]) != nullptr, actor.created, actor.blocked_at}};
    const auto row = graph_.successors(node);
    const auto first = std::min_element(
        row.begin(), row.end(), [&](Node a, Node b) { return owners[components_.of[a]] < owners[components_.of[b]]; });
    return first == row.end() ? own : owners[components_.of[*first]];
  }

  Finding make(FindingKind kind, std::string subkind, const std::vector<Member>& members) const {
    Finding finding;
    finding.kind = kind;
    finding.subkind = std::move(subkind);
    finding.certainty = Certainty::observed;
    finding.graph = draw_waits(describe_, members);
    finding.graph.not_drawn += stuck_.proceeding;
    for (const std::uint32_t node : number_steps(finding.graph)) {
      add_actor(finding.graph.nodes[node], finding);
    }
    for (const GraphNode& node : finding.graph.nodes) {
      if (node.kind == NodeKind::actor && !node.guilty) {
        add_actor(node, finding);
      }
    }
    if (!finding.actors.empty() && !finding.actors.front().objects.empty()) {
      finding.object = finding.actors.front().objects.front();
    }
    if (kind == FindingKind::LostWakeup) {
      add_signallers(members, finding);
    }
    return finding;
  }

  static void add_actor(const GraphNode& node, Finding& finding) {
    finding.actors.push_back(node.actor);
    finding.actors.back().count = node.count;
  }

  // Whoever signalled too early stands behind those who wait.
  void add_signallers(const std::vector<Member>& members, Finding& finding) const {
    std::set<std::pair<ActorId, Place>> known;
    for (const Member& member : members) {
      const LostSignal* signal = lost_signal(*member.wait);
      if (signal != nullptr && known.emplace(signal->actor, signal->place).second) {
        ActorRef& ref = finding.actors.emplace_back(describe_.actor(signal->actor));
        ref.role = Role::performs;
        ref.stack = describe_.stack(signal->place);
      }
    }
  }

  const Describer describe_;
  const bool main_returned_;
  const StuckActors& stuck_;
  const std::vector<Wait>& waits_;
  const Digraph graph_;
  const Components components_;
  std::map<Owner, std::vector<Node>> owned_;
};

}  // namespace

void Deadlock::step(const Step& step) {
  debts_.step(step);
  signals_.step(step);
  if (const auto* block = trace::event_as<trace::Block>(&step.event)) {
    latest_cycles_ = std::max(latest_cycles_, block->cycles);
  } else if (const auto* begin = trace::event_as<trace::Switch>(&step.event)) {
    latest_cycles_ = std::max(latest_cycles_, begin->cycles);
  }
}

void Deadlock::finish(std::vector<Finding>& findings) {
  const StuckActors stuck = find_stuck(scene_.world);
  if (stuck.actors.empty()) {
    return;
  }
  const std::vector<Wait> waits = explain_waits(scene_.world, debts_, signals_, stuck);
  Scene scene = scene_;
  scene.time.end_cycles = std::max(scene.time.end_cycles, latest_cycles_);
  Sorter(scene, stuck, waits).run(findings);
}

}  // namespace gordian::analysis
