// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/oracle.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace gordian::oracle {

using trace::AccessKind;
using trace::AtomicOp;

namespace {

constexpr std::size_t kMaxNodes = 2048;
using Nodes = std::bitset<kMaxNodes>;
using NodeSet = std::set<std::size_t>;

bool writes(AccessKind kind) { return kind == AccessKind::write || kind == AccessKind::atomic_write; }
bool is_atomic(AccessKind kind) { return kind == AccessKind::atomic_read || kind == AccessKind::atomic_write; }
bool acquires(std::uint64_t order) {
  return order == 1 || order == 2 || order == 4 || order == 5;  // consume, acquire, acq_rel, seq_cst
}
bool releases(std::uint64_t order) { return order == 3 || order == 4 || order == 5; }

enum class Reading : std::uint8_t { as_ordered, always_tells };

class Graph {
 public:
  Graph(const std::vector<Operation>& program, Reading reading)
      : program_(program), before_(program.size()), before_start_(program.size()), reading_(reading) {
    if (program.size() > kMaxNodes) {
      std::abort();
    }
    for (std::size_t node = 0; node < program.size(); ++node) {
      add(node);
    }
  }

  [[nodiscard]] bool happens_before(std::size_t a, std::size_t b) const { return before_[b][a]; }
  // Before b begins, not only before it is done.
  [[nodiscard]] bool is_before_start(std::size_t a, std::size_t b) const { return before_start_[b][a]; }

 private:
  void edge(std::size_t from, std::size_t to) { before_[to] |= before_[from] | Nodes().set(from); }
  void edges(const NodeSet& from, std::size_t to) {
    for (const std::size_t node : from) {
      edge(node, to);
    }
  }

  void add(std::size_t node) {
    const std::uint64_t actor = program_[node].actor;
    if (actor != trace::kTimerActor) {
      if (const auto previous = last_.find(actor); previous != last_.end()) {
        edge(previous->second, node);
      } else if (const auto creation = created_.find(actor); creation != created_.end()) {
        edge(creation->second, node);
        if (const auto set = called_.find(actor); set != called_.end()) {
          edge(set->second, node);
        }
      }
    }
    before_start_[node] = before_[node];
    std::visit([&](const auto& event) { rule(node, event); }, program_[node].event);
    last_[actor] = node;
  }

  template <class Event>
  void rule(std::size_t /*node*/, const Event& /*orders nothing*/) {}

  // The go statement, or the creation of a thread, before everything that the new one does; its end before its join.
  void rule(std::size_t node, const trace::Go& event) { created_[event.child] = node; }
  void rule(std::size_t node, const trace::ThreadCreate& event) { created_[event.child] = node; }
  void rule(std::size_t node, const trace::ThreadJoin& event) {
    const auto last = last_.find(event.child);
    edge(last != last_.end() ? last->second : created_.at(event.child), node);
  }

  // Unlock n before lock m, n < m. Of a read-write lock: what readers release, only writers wait for.
  void rule(std::size_t node, const trace::Unlock& event) {
    (event.mode == 1 ? read_unlocks_ : unlocks_)[event.object].insert(node);
  }
  void rule(std::size_t node, const trace::Lock& event) { lock(node, event.object, event.mode); }
  void rule(std::size_t node, const trace::TryLock& event) { lock(node, event.object, event.mode); }
  void lock(std::size_t node, std::uint64_t object, std::uint64_t mode) {
    edges(unlocks_[object], node);
    if (mode == 0) {
      edges(read_unlocks_[object], node);
    }
  }

  // Send k before the completion of receive k; receive k before the completion of send k + capacity. Unbuffered: either
  // and what is before it is before what is after either.
  void rule(std::size_t /*node*/, const trace::Object& event) { capacity_[event.object] = event.capacity; }
  void rule(std::size_t node, const trace::ChanSend& event) {
    const std::uint64_t capacity = capacity_[event.object];
    sends_[{event.object, event.ticket}] = node;
    if (event.actor == trace::kTimerActor) {
      edge(sets_.at({event.object, event.run}), node);  // and nobody's receive is before it
    } else if (capacity == 0) {
      rendezvous(node, receives_, {event.object, event.ticket});
    } else if (event.ticket > capacity) {
      edge(receives_.at({event.object, event.ticket - capacity}), node);
    }
  }
  void rule(std::size_t node, const trace::ChanRecv& event) {
    if (event.closed != 0) {
      edge(closes_.at(event.object), node);
      return;
    }
    const auto sent = sends_.find({event.object, event.ticket});
    const bool by_timer = sent != sends_.end() && program_[sent->second].actor == trace::kTimerActor;
    receives_[{event.object, event.ticket}] = node;
    if (capacity_[event.object] == 0 && !by_timer) {
      rendezvous(node, sends_, {event.object, event.ticket});
    } else {
      edge(sends_.at({event.object, event.ticket}), node);
    }
  }
  using Messages = std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t>;
  void rendezvous(std::size_t node, const Messages& others, std::pair<std::uint64_t, std::uint64_t> message) {
    if (const auto other = others.find(message); other != others.end()) {
      edge(other->second, node);
      edge(node, other->second);
    }
  }
  void rule(std::size_t node, const trace::ChanClose& event) { closes_[event.object] = node; }
  // A set before what its timer sends or calls.
  void rule(std::size_t node, const trace::TimerSet& event) {
    sets_[{event.object, event.ticket}] = node;
    latest_set_[event.object] = node;
  }
  void rule(std::size_t node, const trace::TimerCall& event) {
    created_[event.child] = node;
    called_[event.child] = latest_set_.at(event.object);
  }

  // A signal before the return of each wait that it ends; a release before every later acquisition.
  void rule(std::size_t node, const trace::CondSignal& event) { signals_[{event.object, event.ticket}] = node; }
  void rule(std::size_t node, const trace::CondWait& event) {
    if (event.signal != 0) {
      edge(signals_.at({event.object, event.signal}), node);
    }
  }
  void rule(std::size_t node, const trace::SemRelease& event) { done_[event.object].insert(node); }
  void rule(std::size_t node, const trace::SemAcquire& event) { edges(done_[event.object], node); }

  void rule(std::size_t node, const trace::WgAdd& event) {
    if (event.delta < 0) {
      done_[event.object].insert(node);
    }
  }
  void rule(std::size_t node, const trace::WgWait& event) { edges(done_[event.object], node); }
  void rule(std::size_t node, const trace::OnceEnd& event) { done_[event.object].insert(node); }
  void rule(std::size_t node, const trace::OnceWait& event) { edges(done_[event.object], node); }

  // [intro.races], [atomics.fences]: `heads_` of a location are the operations that an acquire which reads its value
  // synchronises with.
  void rule(std::size_t node, const trace::Atomic& event) {
    NodeSet& heads = heads_[event.address];
    const std::uint64_t actor = program_[node].actor;
    const auto op = static_cast<AtomicOp>(event.op);
    if (const auto write = writes_.find(event.address);
        reading_ == Reading::always_tells && op != AtomicOp::store && write != writes_.end()) {
      edge(write->second, node);
    }
    if (op != AtomicOp::load) {
      writes_[event.address] = node;
    }
    if (op != AtomicOp::store) {
      if (acquires(event.order)) {
        edges(heads, node);
      } else {
        seen_[actor].insert(heads.begin(), heads.end());
      }
    }
    if (op == AtomicOp::load) {
      return;
    }
    if (op == AtomicOp::store) {
      heads.clear();
    }
    if (releases(event.order)) {
      heads.insert(node);
    } else {
      heads.insert(release_fences_[actor].begin(), release_fences_[actor].end());
    }
  }
  // Atomics in it are other objects from now on.
  void rule(std::size_t /*node*/, const trace::Alloc& event) { renew(event); }
  void rule(std::size_t /*node*/, const trace::Free& event) { renew(event); }
  template <class Event>
  void renew(const Event& event) {
    const auto is_inside = [&](const auto& entry) {
      return entry.first >= event.address && entry.first < event.address + event.size;
    };
    std::erase_if(heads_, is_inside);
    std::erase_if(writes_, is_inside);
  }

  void rule(std::size_t node, const trace::Fence& event) {
    const std::uint64_t actor = program_[node].actor;
    if (acquires(event.order)) {
      edges(seen_[actor], node);
    }
    if (releases(event.order)) {
      release_fences_[actor].insert(node);
    }
  }

  const std::vector<Operation>& program_;
  std::vector<Nodes> before_, before_start_;
  const Reading reading_;
  std::map<std::uint64_t, std::size_t> last_, created_, called_, closes_, writes_;
  std::map<std::uint64_t, NodeSet> unlocks_, read_unlocks_, done_, heads_, seen_, release_fences_;
  std::map<std::uint64_t, std::size_t> latest_set_;
  std::map<std::uint64_t, std::uint64_t> capacity_;
  Messages sends_, receives_, sets_, signals_;
};

bool is_access(const Operation& operation) {
  return std::holds_alternative<std::monostate>(operation.event) ||
         std::holds_alternative<trace::Atomic>(operation.event);
}
bool renews_memory(const Operation& operation) {
  return std::holds_alternative<trace::Alloc>(operation.event) || std::holds_alternative<trace::Free>(operation.event);
}

// The group that the actor begins to wait for, 0 if it does no such thing. A wait that blocks begins there.
std::uint64_t begins_to_wait_for(const std::vector<Operation>& program, std::size_t node) {
  if (const auto* block = std::get_if<trace::Block>(&program[node].event)) {
    const bool is_group = block->reason == static_cast<std::uint64_t>(trace::WaitReason::wait_group);
    return is_group ? program[node].awaited : 0;
  }
  const auto* wait = std::get_if<trace::WgWait>(&program[node].event);
  return wait != nullptr && wait->actor == 0 ? wait->object : 0;
}
std::uint64_t adds_from_zero_to(const Operation& operation) {
  const auto* add = std::get_if<trace::WgAdd>(&operation.event);
  return add != nullptr && add->delta > 0 && add->value == add->delta ? add->object : 0;
}
template <class Event>
std::uint64_t object_of(const Operation& operation) {
  const auto* event = std::get_if<Event>(&operation.event);
  return event != nullptr && operation.actor != trace::kTimerActor ? event->object : 0;
}

}  // namespace

std::vector<Operation> in_order(const std::vector<Operation>& program, const std::vector<Written>& order) {
  std::map<Written, const Operation*> written;
  for (const Operation& operation : program) {
    written[operation.written] = &operation;
  }
  std::vector<Operation> result;
  for (const Written& next : order) {
    if (const auto found = written.find(next); found != written.end()) {  // else the scheduler's own
      result.push_back(*found->second);
    }
  }
  return result;
}

std::set<std::uint64_t> unordered_calls_of(const std::vector<Operation>& program) {
  const Graph graph(program, Reading::always_tells);
  std::set<std::uint64_t> objects;
  for (std::size_t a = 0; a < program.size(); ++a) {
    for (std::size_t b = 0; b < program.size(); ++b) {
      if (program[a].actor == program[b].actor) {
        continue;
      }
      const std::uint64_t channel = object_of<trace::ChanSend>(program[a]);
      if (channel != 0 && channel == object_of<trace::ChanClose>(program[b]) && !graph.happens_before(a, b) &&
          !graph.happens_before(b, a)) {
        objects.insert(channel);
      }
      const std::uint64_t group = adds_from_zero_to(program[a]);
      if (group != 0 && group == begins_to_wait_for(program, b) && !graph.is_before_start(a, b) &&
          !graph.happens_before(b, a)) {
        objects.insert(group);
      }
    }
  }
  return objects;
}

void add_race(Races& races, SourcePlace a, SourcePlace b, const Bytes& bytes) {
  if (b < a) {
    std::swap(a, b);
  }
  races[{a, b}] |= bytes;
}

ExpectedRaces races_of(const std::vector<Operation>& program) {
  const Graph graph(program, Reading::as_ordered);
  ExpectedRaces races;
  std::vector<Bytes> valid(program.size());    // bytes of an access whose memory is still the same object
  std::vector<Bytes> certain(program.size());  // those of them on which a later race must be seen
  for (std::size_t later = 0; later < program.size(); ++later) {
    const Operation& b = program[later];
    const Bytes& touched = is_access(b) ? b.bytes : b.ends;
    Bytes used;
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Operation& a = program[earlier];
      const Bytes both = valid[earlier] & touched;
      used |= certain[earlier];
      const bool conflict =
          (writes(a.place.kind) || writes(b.place.kind)) && !(is_atomic(a.place.kind) && is_atomic(b.place.kind));
      if (both.any() && a.actor != b.actor && conflict && !graph.happens_before(earlier, later)) {
        add_race(races.all, a.place, b.place, both);
        add_race(races.certain, a.place, b.place, both & certain[earlier]);
      }
    }
    if (renews_memory(b)) {
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        valid[earlier] &= ~b.bytes;
        certain[earlier] &= ~b.bytes;
      }
    }
    valid[later] = touched;
    certain[later] = b.place.ends_life && touched.count() >= kLargeBlock ? touched & used : touched;
  }
  return races;
}

bool fits(const ExpectedRaces& expected, const Races& found) {
  const auto contains = [](const Races& all, const Races& some) {
    return std::all_of(some.begin(), some.end(), [&](const auto& race) {
      const auto& [pair, bytes] = race;
      const auto same = all.find(pair);
      return bytes.none() || (same != all.end() && (bytes & ~same->second).none());
    });
  };
  return contains(found, expected.certain) && contains(expected.all, found);
}

}  // namespace gordian::oracle
