// SPDX-License-Identifier: Apache-2.0
// The names of the keys are a promise to scripts: new ones may be added, none is renamed. Every text is repaired first,
// because JSON must be UTF-8 and names of programs need not be.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/lane_phrases.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/finding/utf8.h"
#include "analyzer/report/report.h"
#include "analyzer/report/words.h"

namespace gordian::analysis::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

std::string hexadecimal(std::uint64_t address) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(address));
  return text;
}

Json frame_json(const Frame& frame) {
  Json json = {{"function", utf8_repaired(frame.function)}, {"file", utf8_repaired(frame.file)}, {"line", frame.line}};
  if (frame.column != 0) json["column"] = frame.column;
  if (frame.internal) json["internal"] = true;
  return json;
}

Json place_json(const Frame& frame) {
  if (frame.file.empty()) return nullptr;
  Json json = {{"file", utf8_repaired(frame.file)}, {"line", frame.line}};
  if (frame.column != 0) json["column"] = frame.column;
  return json;
}

Json stack_json(const Stack& stack) {
  Json json = Json::array();
  for (const Frame& frame : stack) json.push_back(frame_json(frame));
  return json;
}

std::string_view object_kind(const ObjectRef& object) {
  constexpr std::string_view kKinds[] = {"unknown", "global", "heap", "stack", "field", "thread-local"};
  if (object.object_class == ObjectClass::sync) return word_of(object.sync_kind);
  return kKinds[static_cast<std::size_t>(object.object_class)];
}

Json object_json(const ObjectRef& object) {
  Json json = {
      {"kind", object_kind(object)}, {"name", utf8_repaired(object.name)}, {"address", hexadecimal(object.address)}};
  if (object.object_class == ObjectClass::sync) {
    json["id"] = object.id.value;
  } else {
    json["size"] = object.size;
  }
  if (object.sync_kind == trace::ObjectKind::channel) {
    json["capacity"] = object.capacity;
    json["length"] = object.length;
  }
  if (object.sync_kind == trace::ObjectKind::wait_group) json["counter"] = object.length;
  if (object.sync_kind == trace::ObjectKind::semaphore) {
    json["permits"] = object.capacity;
    json["given"] = object.length;
  }
  if (object.sync_kind == trace::ObjectKind::barrier) {
    json["threads"] = object.capacity;
    json["arrived"] = object.length;
  }
  json["declared"] = place_json(object.declared);
  json["created"] = stack_json(object.created);
  return json;
}

Json objects_json(const std::vector<ObjectRef>& objects) {
  Json json = Json::array();
  for (const ObjectRef& object : objects) json.push_back(object_json(object));
  return json;
}

Json holds_json(const std::vector<Hold>& holds) {
  Json json = Json::array();
  for (const Hold& hold : holds) {
    json.push_back({{"object", object_json(hold.object)},
                    {"mode", hold.mode == trace::LockMode::shared ? "shared" : "exclusive"},
                    {"stack", stack_json(hold.stack)}});
  }
  return json;
}

Json actor_json(const ActorRef& actor) {
  Json json;
  json[actor.kind == ActorKind::thread ? "thread" : "goroutine"] = actor.id.value;
  json["name"] = utf8_repaired(function_of(actor));
  json["role"] = word_of(actor.role);
  if (actor.role == Role::waits) {
    json["reason"] = go_text(actor.reason);
    json["waited_ns"] = actor.waited_ns;
  }
  json["objects"] = objects_json(actor.objects);
  json["stack"] = stack_json(actor.stack);
  json["holds"] = holds_json(actor.holds);
  json["created"] = stack_json(actor.created);
  if (actor.parent) json["parent"] = actor.parent.value;
  return json;
}

std::string_view relation_of(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::waits:
      return "waits-for";
    case EdgeKind::held:
      return "held-by";
    case EdgeKind::or_wait:
      return "could-use";
    case EdgeKind::wake:
      return "woken-by";
    case EdgeKind::wake_nobody:
      return "woken-by-nobody";
    case EdgeKind::order:
      return "locked-before";
  }
  return "waits-for";
}

Json end_json(const GraphNode& node) {
  switch (node.kind) {
    case NodeKind::object:
      return {{"object", object_kind(node.object)},
              {"id", node.object.id.value},
              {"name", utf8_repaired(node.object.name)}};
    case NodeKind::nobody:
      return {{"nobody", true}};
    case NodeKind::select:
      return {{"select", node.actor.id.value}};
    case NodeKind::actor:
      break;
  }
  const char* key = node.actor.kind == ActorKind::thread ? "thread" : "goroutine";
  Json json = {{key, node.actor.id.value}, {"name", utf8_repaired(function_of(node.actor))}};
  if (node.count > 1) json["count"] = node.count;
  return json;
}

Json cycle_json(const Finding& finding) {
  Json json = Json::array();
  for (const std::size_t index : guilty_steps(finding.graph)) {
    const GraphEdge& edge = finding.graph.edges[index];
    Json step = {{"step", edge.step},
                 {"relation", relation_of(edge.kind)},
                 {"text", utf8_repaired(sentence_of(finding.graph, edge))},
                 {"from", end_json(finding.graph.nodes[edge.from])},
                 {"to", end_json(finding.graph.nodes[edge.to])},
                 {"at", place_json(edge.where)}};
    if (edge.actor) step["actor"] = edge.actor.value;
    if (edge.kind == EdgeKind::order) step["count"] = edge.count;
    json.push_back(std::move(step));
  }
  return json;
}

// Every two places that raced on the object; the first are those of the actors.
Json pairs_json(const std::vector<RacePair>& pairs) {
  Json json = Json::array();
  for (const RacePair& pair : pairs) {
    json.push_back({{"earlier", {{"role", word_of(pair.earlier_role)}, {"at", frame_json(pair.earlier)}}},
                    {"later", {{"role", word_of(pair.later_role)}, {"at", frame_json(pair.later)}}},
                    {"count", pair.count}});
  }
  return json;
}

// Places that were left out of the recording.
Json stand_ins_json(const std::vector<StandIn>& all) {
  Json json = Json::array();
  for (const StandIn& one : all) {
    json.push_back({{"role", word_of(one.role)}, {"at", frame_json(one.left_out)}});
  }
  return json;
}

Json lane_event_json(const LaneEvent& event) {
  Json json = {{"act", word_of(event.act)}, {"at", place_json(event.where)}, {"rank", event.rank}};
  if (event.object.object_class != ObjectClass::none) json["object"] = object_json(event.object);
  if (event.other) json[event.other_kind == ActorKind::thread ? "thread" : "goroutine"] = event.other.value;
  if (event.message != 0) json["message"] = event.message;
  if (event.hidden_before != 0) json["hidden_before"] = event.hidden_before;
  return json;
}

// One lane per actor; `access` says which of its events the race is about.
Json lanes_json(const std::vector<Lane>& lanes) {
  Json json = Json::array();
  for (const Lane& lane : lanes) {
    Json events = Json::array();
    for (const LaneEvent& event : lane.events) events.push_back(lane_event_json(event));
    json.push_back({{"access", lane.access}, {"events", std::move(events)}, {"hidden_after", lane.hidden_after}});
  }
  return json;
}

Json orders_json(const Finding& finding) {
  Json json = Json::array();
  for (const LaneOrder& order : finding.orders) {
    json.push_back({{"from", {{"lane", order.from_lane}, {"event", order.from}}},
                    {"to", {{"lane", 1 - order.from_lane}, {"event", order.to}}},
                    {"reason", order_words(finding, order)},
                    {"object", utf8_repaired(order_object(finding, order))}});
  }
  return json;
}

Json finding_json(const Finding& finding, const std::string& tag) {
  Json json = {{"id", finding.id},
               {"kind", words_of(finding.kind).json_name},
               {"subkind", finding.subkind},
               {"certainty", word_of(finding.certainty)},
               {"tag", tag},
               {"object", finding.object.object_class == ObjectClass::none ? Json() : object_json(finding.object)},
               {"actors", Json::array()}};
  for (const ActorRef& actor : finding.actors) json["actors"].push_back(actor_json(actor));
  if (!finding.pairs.empty()) json["pairs"] = pairs_json(finding.pairs);
  if (!finding.stand_ins.empty()) json["stands_for"] = stand_ins_json(finding.stand_ins);
  if (!finding.lanes.empty()) {
    json["lanes"] = lanes_json(finding.lanes);
    json["orders"] = orders_json(finding);
  }
  if (!finding.follows.empty()) json["follows"] = finding.follows;
  json["cycle"] = cycle_json(finding);
  json["occurrences"] = finding.occurrences;
  if (finding.kind == FindingKind::Starvation) json["bypasses"] = finding.times;
  if (finding.kind == FindingKind::Livelock) json["rounds"] = finding.times;
  json["explanation"] = utf8_repaired(explanation_of(finding));
  json["hint"] = utf8_repaired(hint_of(finding));
  json["witness"] = nullptr;
  return json;
}

Json contention_json(const Contention& figures) {
  return {{"object", object_json(figures.object)},
          {"acquisitions", figures.acquisitions},
          {"waits", figures.waits},
          {"failed_attempts", figures.failed},
          {"bypasses", figures.bypasses},
          {"waited_ns", figures.waited_ns},
          {"longest_wait_ns", figures.longest_wait_ns},
          {"longest_wait_at", place_json(figures.longest_wait_at)},
          {"longest_hold_at_least_ns", figures.longest_hold_ns},
          {"longest_hold_at", place_json(figures.longest_hold_at)}};
}

Json trace_json(const TraceFacts& trace) {
  return {{"path", utf8_repaired(trace.path)},
          {"partial", trace.partial},
          {"events", trace.events},
          {"accesses", trace.accesses},
          {"goroutines", trace.goroutines},
          {"threads", trace.threads},
          {"lost", trace.lost},
          {"unordered", trace.unordered}};
}

Json program_json(const ProgramFacts& program) {
  Json json = {{"path", utf8_repaired(program.path)},
               {"command", utf8_repaired(program.command)},
               {"pid", program.pid},
               {"started_ns", program.started_ns}};
  json["exit_status"] = program.exit_status ? Json(*program.exit_status) : Json();
  json["signal"] = program.signal ? Json(*program.signal) : Json();
  return json;
}

Json texts_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push_back(utf8_repaired(text));
  return json;
}

}  // namespace

Json json(const Report& report) {
  Json document = {{"version", kVersion},
                   {"trace", trace_json(report.trace)},
                   {"program", program_json(report.program)},
                   {"findings", Json::array()}};
  const std::vector<std::string> tags = tags_of(report.findings);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    document["findings"].push_back(finding_json(report.findings[i], tags[i]));
  }
  document["coverage"] = {{"uninstrumented", texts_json(report.uninstrumented)},
                          {"events", report.trace.events},
                          {"lost", report.trace.lost},
                          {"left_out", report.trace.left_out},
                          {"unordered", report.trace.unordered},
                          {"races_uncounted", report.limits.races_uncounted},
                          {"lock_orders_complete", report.limits.lock_orders_complete}};
  document["unfinished"] = Json::array();
  for (const ActorRef& actor : report.unfinished) document["unfinished"].push_back(actor_json(actor));
  document["contention"] = Json::array();
  for (const Contention& figures : report.contention) document["contention"].push_back(contention_json(figures));
  document["notes"] = texts_json(report.notes);
  document["suppressed"] = texts_json(report.suppressed);
  return document;
}

}  // namespace gordian::analysis::report
