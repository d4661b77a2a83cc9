// SPDX-License-Identifier: Apache-2.0
// Deadlocks, stuck and leaked goroutines, each built the way its story is told: who waits for what, who holds it.
#include <string>
#include <vector>

#include "tests/unit/drawing/sample_builder.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis::samples {

Finding ab_ba() {
  Finding deadlock = finding("G-c77d0001", FindingKind::Deadlock, "partial");
  const ObjectRef ann = object(ObjectKind::mutex, 3, "Account[\"Ann\"].mu", "/src/app/account.h", 18);
  const ObjectRef bob = object(ObjectKind::mutex, 4, "Account[\"Bob & Söhne\"].mu", "/src/app/account.h", 18);
  const Frame locks = frame("transfer", "/src/app/account.cc", 56);
  const Frame waits = frame("transfer", "/src/app/account.cc", 57);
  ActorRef g7 = waiting(goroutine(7, "Transfer::run", "/src/app/main.cc", 31), WaitReason::mutex_lock, waits, 2100);
  ActorRef g9 = waiting(goroutine(9, "Transfer::run", "/src/app/main.cc", 31), WaitReason::mutex_lock, waits, 2050);
  g7.objects = {bob};
  g9.objects = {ann};
  deadlock.actors = {takes(g7, ann, locks), takes(g9, bob, locks)};
  Graph graph(deadlock);
  const auto n7 = graph.actor(deadlock.actors[0]);
  const auto n9 = graph.actor(deadlock.actors[1]);
  const auto a = graph.object(ann);
  const auto b = graph.object(bob);
  graph.edge(n7, EdgeKind::waits, b, waits);
  graph.edge(b, EdgeKind::held, n9, locks);
  graph.edge(n9, EdgeKind::waits, a, waits);
  graph.edge(a, EdgeKind::held, n7, locks);
  deadlock.graph.not_drawn = 4;
  return deadlock;
}

Finding dining(unsigned philosophers) {
  Finding deadlock = finding("G-d1d1d1d1", FindingKind::Deadlock, "all-asleep");
  const Frame first = frame("dine", "/src/app/dinner.cc", 41);
  const Frame second = frame("dine", "/src/app/dinner.cc", 43);
  Graph graph(deadlock);
  std::vector<ObjectRef> forks;
  for (unsigned i = 0; i < philosophers; ++i) {
    forks.push_back(
        object(ObjectKind::mutex, 20 + i, ("forks[" + std::to_string(i) + "]").c_str(), "/src/app/dinner.cc", 71));
  }
  std::vector<std::uint32_t> seats, plates;
  for (unsigned i = 0; i < philosophers; ++i) {
    ActorRef actor =
        waiting(goroutine(11 + i, "Philosopher::dine", "/src/app/dinner.cc", 88), WaitReason::mutex_lock, second, 900);
    actor.objects = {forks[(i + 1) % philosophers]};
    takes(actor, forks[i], first);
    deadlock.actors.push_back(actor);
    seats.push_back(graph.actor(actor));
    plates.push_back(graph.object(forks[i]));
  }
  for (unsigned i = 0; i < philosophers; ++i) {
    graph.edge(seats[i], EdgeKind::waits, plates[(i + 1) % philosophers], second);
    graph.edge(plates[(i + 1) % philosophers], EdgeKind::held, seats[(i + 1) % philosophers], first);
  }
  return deadlock;
}

Finding self_lock() {
  Finding deadlock = finding("G-5e1f5e1f", FindingKind::Deadlock, "partial");
  const ObjectRef mu = object(ObjectKind::mutex, 3, "Cache::mu_", "/src/app/cache.h", 9);
  const Frame outer = frame("Cache::put", "/src/app/cache.cc", 14);
  const Frame inner = frame("Cache::size", "/src/app/cache.cc", 22);
  ActorRef g4 = waiting(goroutine(4, "Cache::put", "/src/app/main.cc", 12), WaitReason::mutex_lock, inner, 500);
  g4.objects = {mu};
  deadlock.actors = {takes(g4, mu, outer)};
  Graph graph(deadlock);
  const auto actor = graph.actor(deadlock.actors[0]);
  const auto lock = graph.object(mu);
  graph.edge(actor, EdgeKind::waits, lock, inner);
  graph.edge(lock, EdgeKind::held, actor, outer);
  return deadlock;
}

Finding mixed() {
  Finding deadlock = finding("G-a11cafe0", FindingKind::Deadlock, "partial");
  ObjectRef log = object(ObjectKind::channel, 5, "Cache::log_", "/src/app/cache.h", 61);
  log.capacity = log.length = 4;
  const ObjectRef mu = object(ObjectKind::rwmutex, 6, "Cache::mu_", "/src/app/cache.h", 58);
  const Frame sends = frame("Cache::evict", "/src/app/cache.cc", 143);
  const Frame receives = frame("Cache::log_loop", "/src/app/cache.cc", 77);
  const Frame reads = frame("Cache::log_loop", "/src/app/cache.cc", 79);
  const Frame locks = frame("Cache::evict", "/src/app/cache.cc", 138);
  ActorRef g12 = waiting(goroutine(12, "Cache::evict", "/src/app/cache.cc", 52), WaitReason::chan_send, sends, 1000);
  ActorRef g5 =
      waiting(goroutine(5, "Cache::log_loop", "/src/app/cache.cc", 17), WaitReason::rwmutex_rlock, reads, 990);
  g12.objects = {log};
  g5.objects = {mu};
  deadlock.actors = {takes(g12, mu, locks), g5};
  Graph graph(deadlock);
  const auto n12 = graph.actor(deadlock.actors[0]);
  const auto n5 = graph.actor(g5);
  const auto channel = graph.object(log);
  const auto lock = graph.object(mu);
  graph.edge(n12, EdgeKind::waits, channel, sends).sends = true;
  graph.edge(channel, EdgeKind::wake, n5, receives).sends = true;
  graph.edge(n5, EdgeKind::waits, lock, reads);
  graph.edge(lock, EdgeKind::held, n12, locks);
  const Frame gets = frame("Cache::get", "/src/app/cache.cc", 101);
  for (const std::uint64_t id : {20, 21, 22}) {
    ActorRef reader =
        waiting(goroutine(id, "Cache::get", "/src/app/server.cc", 33), WaitReason::rwmutex_rlock, gets, id * 10);
    graph.innocent(graph.actor(reader, false), EdgeKind::waits, lock, gets);
  }
  return deadlock;
}

Finding all_asleep() {
  Finding deadlock = finding("G-a51ee900", FindingKind::Deadlock, "all-asleep");
  ObjectRef wg = object(ObjectKind::wait_group, 2, "wg", "/src/app/main.cc", 20);
  wg.length = 1;
  const ObjectRef results = object(ObjectKind::channel, 5, "results", "/src/app/main.cc", 19);
  const Frame waits = frame("main", "/src/app/main.cc", 44);
  const Frame sends = frame("fetch", "/src/app/main.cc", 36);
  ActorRef g1 = waiting(main_goroutine(), WaitReason::wait_group, waits, 100);
  ActorRef g4 = waiting(goroutine(4, "fetch", "/src/app/main.cc", 29), WaitReason::chan_send, sends, 100);
  g1.objects = {wg};
  g4.objects = {results};
  deadlock.actors = {g1, g4};
  Graph graph(deadlock);
  const auto n1 = graph.actor(g1);
  const auto group = graph.object(wg);
  const auto n4 = graph.actor(g4);
  const auto channel = graph.object(results);
  graph.edge(n1, EdgeKind::waits, group, waits);
  graph.edge(group, EdgeKind::wake, n4, {});
  graph.edge(n4, EdgeKind::waits, channel, sends).sends = true;
  graph.edge(channel, EdgeKind::wake_nobody, graph.nobody(results), {}).sends = true;
  return deadlock;
}

Finding stuck_select() {
  Finding stuck = finding("G-5e1ec700", FindingKind::StuckGoroutine, "select");
  const ObjectRef in = object(ObjectKind::channel, 5, "Router::in_", "/src/app/router.h", 31);
  ObjectRef out = object(ObjectKind::channel, 6, "Router::out_", "/src/app/router.h", 32);
  out.capacity = out.length = 8;
  const ObjectRef done = object(ObjectKind::channel, 7, "Context::done", "/src/app/router.h", 33);
  const ObjectRef mu = object(ObjectKind::mutex, 8, "Router::mu_", "/src/app/router.h", 40);
  const Frame selects = frame("Router::loop", "/src/app/router.cc", 61);
  const Frame locks = frame("Router::loop", "/src/app/router.cc", 60);
  const Frame drains = frame("Sink::drain", "/src/app/sink.cc", 17);
  const Frame blocks = frame("Sink::drain", "/src/app/sink.cc", 19);
  ActorRef g3 = waiting(goroutine(3, "Router::loop", "/src/app/router.cc", 22), WaitReason::select, selects, 3000);
  ActorRef g8 = waiting(goroutine(8, "Sink::drain", "/src/app/router.cc", 24), WaitReason::mutex_lock, blocks, 3000);
  g3.objects = {in, out, done};
  g8.objects = {mu};
  stuck.actors = {takes(g3, mu, locks), g8};
  Graph graph(stuck);
  const auto n3 = graph.actor(stuck.actors[0]);
  const auto any = graph.select(stuck.actors[0]);
  const auto c_in = graph.object(in);
  const auto c_out = graph.object(out);
  const auto c_done = graph.object(done);
  const auto n8 = graph.actor(g8);
  const auto lock = graph.object(mu);
  graph.edge(n3, EdgeKind::waits, any, selects, "1");
  graph.edge(any, EdgeKind::or_wait, c_in, frame("", "/src/app/router.cc", 62), "2a");
  graph.edge(any, EdgeKind::or_wait, c_out, frame("", "/src/app/router.cc", 65), "2b").sends = true;
  graph.edge(any, EdgeKind::or_wait, c_done, frame("", "/src/app/router.cc", 68), "2c");
  graph.edge(c_in, EdgeKind::wake_nobody, graph.nobody(in), {}, "3a");
  graph.edge(c_out, EdgeKind::wake, n8, drains, "3b").sends = true;
  graph.edge(c_done, EdgeKind::wake_nobody, graph.nobody(done), {}, "3c");
  graph.edge(n8, EdgeKind::waits, lock, blocks, "4b");
  graph.edge(lock, EdgeKind::held, n3, locks, "5b");
  return stuck;
}

Finding nil_channel() {
  Finding stuck = finding("G-00000a11", FindingKind::StuckGoroutine, "nil-channel");
  const ObjectRef nil = object(ObjectKind::channel, 0, "", "", 0);
  const Frame receives = frame("consume", "/src/app/nil.cc", 9);
  ActorRef g3 = waiting(goroutine(3, "consume", "/src/app/nil.cc", 21), WaitReason::chan_receive_nil, receives, 10);
  g3.objects = {nil};
  stuck.actors = {g3};
  Graph graph(stuck);
  const auto actor = graph.actor(g3);
  const auto channel = graph.object(nil);
  graph.edge(actor, EdgeKind::waits, channel, receives);
  graph.edge(channel, EdgeKind::wake_nobody, graph.nobody(nil), {});
  return stuck;
}

Finding leaked() {
  Finding leak = finding("G-1eaf1eaf", FindingKind::LeakedGoroutine, "chan-send");
  const ObjectRef channel = object(ObjectKind::channel, 5, "first", "/src/app/feed.cc", 60);
  const Frame sends = frame("query", "/src/app/feed.cc", 64);
  ActorRef g5 = waiting(goroutine(5, "query", "/src/app/feed.cc", 61), WaitReason::chan_send, sends, 2100);
  g5.objects = {channel};
  leak.actors = {g5};
  Graph graph(leak);
  const auto actor = graph.actor(g5);
  const auto node = graph.object(channel);
  graph.edge(actor, EdgeKind::waits, node, sends).sends = true;
  graph.edge(node, EdgeKind::wake_nobody, graph.nobody(channel), {}).sends = true;
  return leak;
}

Finding lost_wakeup() {
  Finding lost = leaked();
  lost.id = "G-105710c7";
  lost.kind = FindingKind::LostWakeup;
  lost.subkind = "";
  return lost;
}

Finding pool(unsigned waiters) {
  Finding deadlock = self_lock();
  Graph graph(deadlock);
  const Frame waits = frame("Cache::get", "/src/app/cache.cc", 131);
  for (unsigned i = 0; i < waiters; ++i) {
    ActorRef actor =
        waiting(goroutine(20 + i, "Worker::serve", "/src/app/server.cc", 88), WaitReason::mutex_lock, waits, 400 + i);
    graph.innocent(graph.actor(actor, false), EdgeKind::waits, 1, waits);
  }
  return deadlock;
}

}  // namespace gordian::analysis::samples
