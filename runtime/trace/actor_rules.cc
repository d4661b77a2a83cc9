// SPDX-License-Identifier: Apache-2.0
#include "runtime/trace/actor_rules.h"

namespace gordian::trace {

struct ActorRules::Note {
  ActorRules& rules;
  std::uint64_t offset;
  Running& running;

  void on_behalf(std::uint64_t actor, std::uint64_t run, bool wakes) const {
    if (actor == 0 || actor == kTimerActor) {
      return;
    }
    Run& completed = rules.actors_[actor].runs[run];
    if (completed.completed == 0) {
      completed.completed = offset;
    }
    if (wakes) {
      completed.wakes.push_back(offset);
    }
  }

  template <class Event>
  void operator()(const Event& event) const {
    if constexpr (requires { event.site, event.actor, event.run; }) {
      on_behalf(event.actor, event.run, !std::is_same_v<Event, Select>);
    }
  }
  void operator()(const ThreadStart& event) const {
    running = {event.actor, 0};
    if (event.actor != 0) {
      rules.actors_[event.actor].starts_thread = true;
    }
  }
  void operator()(const Go& event) const { rules.actors_[event.child].creations.push_back(offset); }
  void operator()(const ThreadCreate& event) const { rules.actors_[event.child].creations.push_back(offset); }
  void operator()(const TimerCall& event) const { rules.actors_[event.child].creations.push_back(offset); }
  void operator()(const Switch& event) const {
    running = {event.actor, event.run};
    if (event.actor != 0) {
      rules.actors_[event.actor].runs[event.run].begins.push_back(offset);
    }
  }
  void operator()(const Block&) const {
    if (running.actor != 0) {
      rules.actors_[running.actor].runs[running.run].blocks = true;
    }
    running = {};
  }
  void operator()(const GoEnd&) const { running = {}; }
  void operator()(const Ready& event) const {
    Run& run = rules.actors_[event.actor].runs[event.run];
    run.wakes.push_back(offset);
    if (event.actor == running.actor) {
      run.yields = true;
      running = {};
    } else if (run.completed == 0) {
      run.completed = offset;
    }
  }
};

void ActorRules::note(const AnyEvent& event, std::uint64_t offset, Running& running) {
  std::visit(Note{*this, offset, running}, event);
}

void ActorRules::finish(const Report& report) const {
  for (const auto& [id, actor] : actors_) {
    const std::string name = "actor " + std::to_string(id);
    if (actor.creations.size() > 1) {
      report(Rule::created_once, actor.creations[1], name + " is created again");
    }
    const bool exists = !actor.creations.empty() || actor.starts_thread;
    std::uint64_t next = 1;
    const Run* previous = nullptr;
    for (const auto& [number, run] : actor.runs) {
      const std::string run_name = name + ", run " + std::to_string(number);
      const std::uint64_t first = !run.begins.empty() ? run.begins.front() : run.completed;
      if (!exists) {
        report(Rule::created_once, first, name + " was never created");
        break;
      }
      if (run.begins.size() != 1 || number != next++) {
        report(Rule::run_order, run.begins.size() > 1 ? run.begins[1] : first, run_name + " does not follow in turn");
        break;
      }
      if (run.completed != 0 && !run.blocks) {
        report(Rule::blocked_first, run.completed, run_name + " never blocked");
      }
      if (run.wakes.size() > 1) {
        report(Rule::ready_once, run.wakes[1], run_name + " is made ready again");
      }
      if (previous != nullptr && previous->wakes.empty()) {
        report(Rule::ready_once, first, run_name + " begins although nobody made the actor ready");
      }
      previous = &run;
    }
  }
}

}  // namespace gordian::trace
