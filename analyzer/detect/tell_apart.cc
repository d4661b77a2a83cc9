// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/tell_apart.h"

#include <map>
#include <set>

namespace gordian::analysis {
namespace {

template <class Visit>
void visit_actor(ActorRef& actor, const Visit& visit) {
  for (ObjectRef& object : actor.objects) {
    visit(object);
  }
  for (Hold& hold : actor.holds) {
    visit(hold.object);
  }
}

template <class Visit>
void visit_objects(Finding& finding, const Visit& visit) {
  visit(finding.object);
  for (ActorRef& actor : finding.actors) {
    visit_actor(actor, visit);
  }
  for (GraphNode& node : finding.graph.nodes) {
    visit(node.object);
    visit_actor(node.actor, visit);
  }
  for (GraphEdge& edge : finding.graph.edges) {
    for (ObjectRef& gate : edge.gates) {
      visit(gate);
    }
  }
}

}  // namespace

void tell_apart(Finding& finding) {
  std::map<std::string, std::set<ObjectId>> bearers;
  visit_objects(finding, [&](const ObjectRef& object) {
    if (object.id && !object.name.empty()) {
      bearers[object.name].insert(object.id);
    }
  });
  visit_objects(finding, [&](ObjectRef& object) {
    const auto known = bearers.find(object.name);
    object.shares_name = object.id && known != bearers.end() && known->second.size() > 1;
  });
}

}  // namespace gordian::analysis
