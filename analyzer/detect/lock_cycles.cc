// SPDX-License-Identifier: Apache-2.0
// Nodes are dependency classes. The search prunes by locks alone; actors and moments are chosen when a cycle closes, by
// backtracking over the few requesters of each class.
#include "analyzer/detect/lock_cycles.h"

#include <algorithm>
#include <map>

namespace gordian::analysis {

using trace::LockMode;

namespace {

constexpr std::size_t kMaxChoices = 20000;  // combinations of requesters tried for one cycle
constexpr std::size_t kMaxArcs = 1 << 22;

const LockMode* held_mode(const HeldSet& held, ObjectId lock) {
  const auto found = std::lower_bound(held.begin(), held.end(), std::pair(lock, LockMode::exclusive));
  return found != held.end() && found->first == lock ? &found->second : nullptr;
}

// Both are sorted. Stops, with false, as soon as the visitor says so: the search asks about thousands of locks held at
// once, and one gate is enough.
template <class Visitor>
bool visit_common_gates(const HeldSet& a, const HeldSet& b, Visitor goes_on) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (left->first != right->first) {
      ++(left->first < right->first ? left : right);
      continue;
    }
    if ((left->second == LockMode::exclusive || right->second == LockMode::exclusive) && !goes_on(left->first)) {
      return false;
    }
    ++left;
  }
  return true;
}

// Chooses a requester and a moment for each edge such that no two share an actor or are ordered.
class Choice {
 public:
  explicit Choice(std::vector<const LockDependency*> slots) : slots_(std::move(slots)) {}

  bool find() { return choose(0); }
  [[nodiscard]] const std::vector<const LockRequester*>& requesters() const { return requesters_; }

 private:
  bool choose(std::size_t slot) {
    if (slot == slots_.size()) {
      return true;
    }
    for (const LockRequester& requester : slots_[slot]->requesters) {
      for (const Moment& moment : requester.moments) {
        if (++tried_ > kMaxChoices) {
          return false;
        }
        if (!fits(moment)) {
          continue;
        }
        requesters_.push_back(&requester);
        moments_.push_back(&moment);
        if (choose(slot + 1)) {
          return true;
        }
        requesters_.pop_back();
        moments_.pop_back();
      }
    }
    return false;
  }

  [[nodiscard]] bool fits(const Moment& moment) const {
    return std::all_of(moments_.begin(), moments_.end(),
                       [&](const Moment* other) { return concurrent(moment, *other); });
  }

  const std::vector<const LockDependency*> slots_;
  std::vector<const LockRequester*> requesters_;
  std::vector<const Moment*> moments_;
  std::size_t tried_ = 0;
};

class Finder {
 public:
  Finder(const World& world, const std::vector<LockDependency>& dependencies) : world_(world) {
    for (const LockDependency& dependency : dependencies) {
      add(dependency);
    }
  }

  LockCycles run(const CycleLimits& limits) {
    add_recursive_reads();
    const Digraph graph(static_cast<Node>(nodes_.size()), arcs());
    const CycleSearch search = find_cycles(
        graph, limits, [&](std::span<const Node> path, Node next) { return may_extend(path, next); },
        [&](std::span<const Node> cycle) { return add_cycle(cycle); });
    found_.complete = found_.complete && search.complete;
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_passed_on(ObjectId lock) const {
    const ObjectState* state = world_.object(lock);
    return state != nullptr && state->unlocked_elsewhere;
  }

  void add(const LockDependency& dependency) {
    if (is_passed_on(dependency.lock)) {
      return;
    }
    if (dependency.mode == LockMode::exclusive) {
      writers_[dependency.lock].push_back(&dependency);
    }
    const LockMode* own = held_mode(dependency.held, dependency.lock);
    if (own != nullptr) {
      if (*own == LockMode::shared && dependency.mode == LockMode::shared) {
        recursive_reads_.push_back(&dependency);
      }
      return;
    }
    const auto passed_on = [&](const auto& hold) { return is_passed_on(hold.first); };
    if (!std::all_of(dependency.held.begin(), dependency.held.end(), passed_on)) {
      nodes_.push_back(&dependency);
    }
  }

  // By the lock that is held: who waits for it can be followed by these.
  std::vector<Arc> arcs() {
    std::map<ObjectId, std::vector<Node>> holders;
    for (Node node = 0; node < nodes_.size(); ++node) {
      for (const auto& [lock, mode] : nodes_[node]->held) {
        holders[lock].push_back(node);
      }
    }
    std::vector<Arc> arcs;
    for (Node node = 0; node < nodes_.size(); ++node) {
      for (const Node holder : holders[nodes_[node]->lock]) {
        if (arcs.size() < kMaxArcs && may_wait_for(*nodes_[node], *nodes_[holder])) {
          arcs.push_back({node, holder});
        }
      }
    }
    found_.complete = arcs.size() < kMaxArcs;
    return arcs;
  }

  [[nodiscard]] bool may_wait_for(const LockDependency& waiter, const LockDependency& holder) const {
    return (!is_read_read(waiter, holder) || writers_.contains(waiter.lock)) && !is_passed_on(waiter.lock);
  }

  static bool is_read_read(const LockDependency& waiter, const LockDependency& holder) {
    return waiter.mode == LockMode::shared && *held_mode(holder.held, waiter.lock) == LockMode::shared;
  }

  [[nodiscard]] bool gated(const LockDependency& a, const LockDependency& b) const {
    return !visit_common_gates(a.held, b.held, [&](ObjectId lock) { return is_passed_on(lock); });
  }

  [[nodiscard]] bool may_extend(std::span<const Node> path, Node next) const {
    const LockDependency& extension = *nodes_[next];
    return std::none_of(path.begin(), path.end(), [&](Node node) {
      return nodes_[node]->lock == extension.lock || gated(*nodes_[node], extension);
    });
  }

  bool add_cycle(std::span<const Node> path) {
    std::vector<const LockDependency*> slots;
    std::vector<ObjectId> read_read;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const LockDependency& dependency = *nodes_[path[i]];
      slots.push_back(&dependency);
      if (is_read_read(dependency, *nodes_[path[(i + 1) % path.size()]])) {
        read_read.push_back(dependency.lock);
      }
    }
    return path.size() > 1 && add_with_writers(slots, slots.size(), read_read);
  }

  // Tries every class of write requests for every lock at which readers wait for readers.
  bool add_with_writers(std::vector<const LockDependency*>& slots, std::size_t edges, std::span<const ObjectId> locks) {
    if (locks.empty()) {
      return add_chosen(slots, edges);
    }
    for (const LockDependency* writer : writers_[locks.front()]) {
      if (std::any_of(slots.begin(), slots.end(), [&](const LockDependency* slot) { return gated(*slot, *writer); })) {
        continue;
      }
      slots.push_back(writer);
      const bool added = add_with_writers(slots, edges, locks.subspan(1));
      slots.pop_back();
      if (added) {
        return true;
      }
    }
    return false;
  }

  bool add_chosen(const std::vector<const LockDependency*>& slots, std::size_t edges) {
    Choice choice(slots);
    if (!choice.find()) {
      return false;
    }
    LockCycle cycle;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const ObjectId held = i < edges ? slots[(i + edges - 1) % edges]->lock : slots[i]->lock;
      (i < edges ? cycle.edges : cycle.writers).push_back({slots[i], choice.requesters()[i], held});
    }
    std::rotate(cycle.edges.begin(),
                std::min_element(
                    cycle.edges.begin(), cycle.edges.end(),
                    [](const CycleEdge& a, const CycleEdge& b) { return a.requester->actor < b.requester->actor; }),
                cycle.edges.end());
    found_.cycles.push_back(std::move(cycle));
    return true;
  }

  // Who read-locks what it has read-locked already hangs as soon as a writer comes in between.
  void add_recursive_reads() {
    for (const LockDependency* reader : recursive_reads_) {
      std::vector<const LockDependency*> slots{reader};
      const std::vector<ObjectId> locks{reader->lock};
      add_with_writers(slots, 1, locks);
    }
  }

  const World& world_;
  std::vector<const LockDependency*> nodes_;
  std::vector<const LockDependency*> recursive_reads_;
  std::map<ObjectId, std::vector<const LockDependency*>> writers_;
  LockCycles found_;
};

}  // namespace

std::vector<ObjectId> common_gates(const HeldSet& a, const HeldSet& b) {
  std::vector<ObjectId> gates;
  visit_common_gates(a, b, [&](ObjectId lock) {
    gates.push_back(lock);
    return true;
  });
  return gates;
}

LockCycles find_lock_cycles(const World& world, const std::vector<LockDependency>& dependencies,
                            const CycleLimits& limits) {
  return Finder(world, dependencies).run(limits);
}

}  // namespace gordian::analysis
