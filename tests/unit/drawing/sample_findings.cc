// SPDX-License-Identifier: Apache-2.0
// Races, lock orders and misuse, and the frames, actors and objects of all samples.
#include "tests/unit/drawing/sample_findings.h"

#include <string>

#include "tests/unit/drawing/sample_builder.h"

namespace gordian::analysis::samples {

Frame frame(const char* function, const char* file, std::uint32_t line) {
  return Frame{.function = function, .file = file, .line = line, .column = 3, .internal = false};
}

ActorRef goroutine(std::uint64_t id, const char* function, const char* file, std::uint32_t line) {
  ActorRef actor;
  actor.id = ActorId{id};
  actor.stack = {frame(function, file, line + 5)};
  actor.created = {frame("main", file, line)};
  actor.parent = ActorId{1};
  return actor;
}

ObjectRef object(ObjectKind kind, std::uint64_t id, const char* name, const char* file, std::uint32_t line) {
  ObjectRef object;
  object.object_class = ObjectClass::sync;
  object.sync_kind = kind;
  object.id = ObjectId{id};
  object.name = name;
  object.address = 0x5000 + id * 64;
  object.declared = frame("", file, line);
  return object;
}

RacePair pair(std::uint32_t earlier, std::uint32_t later, std::uint64_t count) {
  RacePair pair;
  pair.earlier = frame("increment", "/src/app/counter.cc", earlier);
  pair.later = frame("print", "/src/app/counter.cc", later);
  pair.earlier_role = Role::writes;
  pair.count = count;
  return pair;
}

Finding race() {
  Finding race = finding("G-4f2a91c0", FindingKind::DataRace, "write-write");
  race.object.object_class = ObjectClass::global;
  race.object.name = "counter";
  race.object.address = 0x404040;
  race.object.size = 4;
  race.object.declared = frame("", "/src/app/counter.cc", 8);
  race.occurrences = 311;
  for (const std::uint64_t id : {7, 8}) {
    ActorRef actor = goroutine(id, "worker", "/src/app/counter.cc", 30);
    actor.role = Role::writes;
    actor.stack = {frame("increment", "/src/app/counter.cc", 12), frame("worker", "/src/app/counter.cc", 20)};
    race.actors.push_back(actor);
    race.lanes.push_back({{start(), access_of(actor, 1)}, 1, 0});
  }
  return race;
}

Finding race_with_parent() {
  Finding race = finding("G-0badf00d", FindingKind::DataRace, "read-write");
  race.object.object_class = ObjectClass::field;
  race.object.name = "Stats::last_";
  race.object.address = 0x7f10;
  race.object.size = 8;
  ActorRef child = goroutine(7, "Stats::add", "/src/app/stats.cc", 22);
  child.role = Role::writes;
  child.stack.insert(child.stack.begin(), frame("std::atomic::store", "/usr/include/c++/12/atomic", 700));
  child.stack.front().internal = true;
  ActorRef parent = main_goroutine();
  parent.role = Role::reads;
  parent.stack = {frame("Report::print", "/src/app/report.cc", 41), frame("main", "/src/app/main.cc", 60)};
  const ObjectRef mu = object(ObjectKind::mutex, 3, "Stats::mu_", "/src/app/stats.h", 12);
  const Frame locking = frame("Report::print", "/src/app/report.cc", 36);
  takes(parent, mu, locking);
  race.actors = {child, parent};
  LaneEvent go = event(Act::go, {}, frame("main", "/src/app/stats.cc", 22), 1);
  go.other = child.id;
  race.lanes = {{{start(2), access_of(child, 4)}, 1, 0},
                {{start(), go, event(Act::lock, mu, locking, 3), access_of(parent, 4)}, 3, 0}};
  race.orders = {{.from_lane = 1, .from = 1, .to = 0}};
  return race;
}

Finding race_with_history() {
  Finding race = race_with_parent();
  race.id = "G-0badf00e";
  race.actors[1] = goroutine(8, "Report::print", "/src/app/report.cc", 36);
  race.actors[1].role = Role::reads;
  const ObjectRef mu = object(ObjectKind::mutex, 3, "Stats::mu_", "/src/app/stats.h", 12);
  const ObjectRef done = object(ObjectKind::channel, 5, "done");
  const char* const stats = "/src/app/stats.cc";
  const char* const report = "/src/app/report.cc";
  std::vector<LaneEvent> left{start(),
                              event(Act::lock, mu, frame("add", stats, 12), 1),
                              event(Act::unlock, mu, frame("add", stats, 15), 2),
                              event(Act::lock, mu, frame("add", stats, 16), 4),
                              access_of(race.actors[0], 6),
                              event(Act::send, done, frame("add", stats, 19), 7),
                              event(Act::end, {}, {}, 9)};
  left[3].hidden_before = 1204;
  left[5].message = 17;
  std::vector<LaneEvent> right{start(), event(Act::lock, mu, frame("print", report, 36), 3),
                               event(Act::unlock, mu, frame("print", report, 39), 5), access_of(race.actors[1], 6),
                               event(Act::receive, done, frame("print", report, 44), 8)};
  right[4].message = 17;
  race.lanes = {{left, 4, 0}, {right, 3, 1}};
  race.orders = {{.from_lane = 0, .from = 2, .to = 1},
                 {.from_lane = 1, .from = 2, .to = 5, .direct = false},
                 {.from_lane = 0, .from = 5, .to = 4}};
  return race;
}

Finding lock_order() {
  Finding order = finding("G-0bde0bde", FindingKind::LockOrderInversion, "2-locks");
  order.certainty = Certainty::predicted;
  const ObjectRef a = object(ObjectKind::mutex, 3, "a", "/src/app/ab.cc", 5);
  const ObjectRef b = object(ObjectKind::mutex, 4, "b", "/src/app/ab.cc", 6);
  const Frame a1 = frame("forward", "/src/app/ab.cc", 10), b1 = frame("forward", "/src/app/ab.cc", 11);
  const Frame b2 = frame("backward", "/src/app/ab.cc", 20), a2 = frame("backward", "/src/app/ab.cc", 21);
  ActorRef g2 = goroutine(2, "forward", "/src/app/ab.cc", 30);
  ActorRef g3 = goroutine(3, "backward", "/src/app/ab.cc", 31);
  g2.role = g3.role = Role::requests;
  g2.objects = {b};
  g3.objects = {a};
  g2.stack = {b1};
  g3.stack = {a2};
  order.actors = {takes(g2, a, a1), takes(g3, b, b2)};
  Graph graph(order);
  const auto na = graph.object(a);
  const auto nb = graph.object(b);
  GraphEdge& forward = graph.edge(na, EdgeKind::order, nb, b1);
  forward.actor = g2.id;
  forward.count = 980;
  graph.edge(nb, EdgeKind::order, na, a2).actor = g3.id;
  return order;
}

Finding lock_order_of_3() {
  Finding order = finding("G-0bde0003", FindingKind::LockOrderInversion, "3-locks");
  order.certainty = Certainty::potential;
  Graph graph(order);
  const char* const names[] = {"Account::mu_", "Ledger::mu_", "Journal::write_mu_", "Session::mu_", "Logger::mu_"};
  std::vector<ObjectRef> locks;
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t i = 0; i < 5; ++i) {
    locks.push_back(object(ObjectKind::mutex, 10 + i, names[i], "/src/app/bank.h", 40 + i));
    nodes.push_back(graph.object(locks.back(), i < 3));
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Frame where = frame("post", "/src/app/bank.cc", 57 + i);
    ActorRef actor = goroutine(5 + i, "post", "/src/app/main.cc", 10 + i);
    actor.role = Role::requests;
    actor.stack = {where};
    actor.objects = {locks[(i + 1) % 3]};
    order.actors.push_back(takes(actor, locks[i], frame("post", "/src/app/bank.cc", 50 + i)));
    graph.edge(nodes[i], EdgeKind::order, nodes[(i + 1) % 3], where).actor = actor.id;
  }
  graph.innocent(nodes[3], EdgeKind::order, nodes[0], frame("open", "/src/app/session.cc", 77));
  graph.innocent(nodes[2], EdgeKind::order, nodes[4], frame("log", "/src/app/journal.cc", 12));
  order.graph.edges.back().gates = {locks[3]};
  return order;
}

Finding double_close() {
  Finding misuse = finding("G-2c105e00", FindingKind::Misuse, "double-close");
  misuse.object = object(ObjectKind::channel, 5, "jobs", "/src/app/jobs.cc", 9);
  misuse.panic = trace::PanicCode::close_of_closed;
  ActorRef g3 = goroutine(3, "stop", "/src/app/jobs.cc", 40);
  g3.objects = {misuse.object};
  misuse.actors = {g3};
  return misuse;
}

Finding starvation() {
  Finding starved = finding("G-51a6c0de", FindingKind::Starvation, "never-served");
  starved.object = object(ObjectKind::rwmutex, 6, "table", "/src/app/table.cc", 4);
  starved.times = 1234;
  ActorRef g4 = goroutine(4, "update", "/src/app/table.cc", 30);
  g4.role = Role::waits;
  g4.reason = WaitReason::rwmutex_lock;
  g4.objects = {starved.object};
  g4.waited_ns = 2'100'000'000;
  ActorRef g5 = goroutine(5, "look_up", "/src/app/table.cc", 12);
  g5.role = Role::overtakes;
  g5.objects = {starved.object};
  starved.actors = {g4, g5};
  return starved;
}

Finding livelock() {
  Finding polite = finding("G-0b5e9a11", FindingKind::Livelock, "unresolved");
  polite.times = 400;
  const ObjectRef left = object(ObjectKind::mutex, 7, "left", "/src/app/table.cc", 5);
  const ObjectRef right = object(ObjectKind::mutex, 8, "right", "/src/app/table.cc", 6);
  ActorRef g6 = goroutine(6, "eat", "/src/app/table.cc", 50);
  ActorRef g7 = goroutine(7, "dine", "/src/app/table.cc", 60);
  takes(g6, left, frame("eat", "/src/app/table.cc", 48));
  takes(g7, right, frame("dine", "/src/app/table.cc", 58));
  g6.role = g7.role = Role::retries;
  g6.objects = {right};
  g7.objects = {left};
  polite.actors = {g6, g7};
  return polite;
}

std::vector<Finding> all() {
  return {race(),         race_with_parent(), ab_ba(),   dining(3),     self_lock(),  mixed(),           all_asleep(),
          stuck_select(), nil_channel(),      leaked(),  lost_wakeup(), lock_order(), lock_order_of_3(), double_close(),
          pool(2900),     starvation(),       livelock()};
}

}  // namespace gordian::analysis::samples
