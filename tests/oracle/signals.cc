// SPDX-License-Identifier: Apache-2.0
// Conds, semaphores and timers of the simulated programs. Who waits on a Cond enlists first and parks later, or finds
// that a signal came in between; some waits end by themselves.
#include <algorithm>

#include "tests/oracle/simulation.h"

namespace gordian::oracle {

using trace::WaitReason;

void Simulation::use_cond(Actor& actor, Object& cond) {
  introduce(cond);
  if (actor.is_enlisted) {
    wait_on_cond(actor, cond);
  } else if (chance(50)) {
    actor.is_enlisted = true;
    cond.waiting.push_back(&actor);
  } else {
    signal(actor, cond, chance(30));
  }
}

void Simulation::wait_on_cond(Actor& actor, Object& cond) {
  if (const std::uint64_t signal = std::exchange(actor.woken_by, 0)) {
    actor.is_enlisted = false;
    perform(actor, trace::CondWait{site(), cond.id, ++cond.ticket, signal});
    return;
  }
  actor.is_parked = true;
  actor.times_out = chance(20);
  actor.resume = [this, &cond](Actor& self) {  // its time is over
    self.is_enlisted = false;
    std::erase(cond.waiting, &self);
    perform(self, trace::CondWait{site(), cond.id, ++cond.ticket, std::exchange(self.woken_by, 0)});
  };
  block(actor, WaitReason::cond_wait, {cond.id});
}

void Simulation::signal(Actor& actor, Object& cond, bool all) {
  const std::size_t most = all ? cond.waiting.size() : 1;
  const std::size_t woken = std::min(cond.waiting.size(), most);
  const std::uint64_t ticket = ++cond.ticket;
  perform(actor, trace::CondSignal{site(), cond.id, ticket, all ? 1u : 0u, woken});
  const std::vector<Actor*> waiters(cond.waiting.begin(), cond.waiting.begin() + static_cast<std::ptrdiff_t>(woken));
  cond.waiting.erase(cond.waiting.begin(), cond.waiting.begin() + static_cast<std::ptrdiff_t>(woken));
  for (Actor* waiter : waiters) {
    if (!waiter->is_parked) {
      waiter->woken_by = ticket;
      continue;
    }
    waiter->resume = nullptr;
    waiter->is_enlisted = waiter->is_parked = waiter->times_out = false;
    perform(*waiter, trace::CondWait{site(), cond.id, ++cond.ticket, ticket});
    wake(*waiter);
  }
}

void Simulation::use_semaphore(Actor& actor, Object& semaphore) {
  introduce(semaphore);
  const std::uint64_t permits = 1 + below(2);
  if (semaphore.sent >= permits && chance(50)) {
    semaphore.sent -= permits;
    perform(actor, trace::SemRelease{site(), semaphore.id, ++semaphore.ticket, permits});
    while (!semaphore.waiting.empty() &&
           semaphore.waiting.front()->wants_permits <= semaphore.capacity - semaphore.sent) {
      Actor& waiter = *semaphore.waiting.front();
      semaphore.waiting.erase(semaphore.waiting.begin());
      semaphore.sent += waiter.wants_permits;
      perform(waiter, trace::SemAcquire{site(), semaphore.id, ++semaphore.ticket, waiter.wants_permits});
      wake(waiter);
    }
  } else if (semaphore.waiting.empty() && permits <= semaphore.capacity - semaphore.sent) {
    semaphore.sent += permits;
    perform(actor, trace::SemAcquire{site(), semaphore.id, ++semaphore.ticket, permits});
  } else {
    actor.wants_permits = permits;
    semaphore.waiting.push_back(&actor);
    block(actor, WaitReason::semaphore, {semaphore.id});
  }
}

void Simulation::use_timer(Actor& actor, Object& timer) {
  introduce(timer);
  if (timer.timers > 0 && chance(40)) {
    timer.timers = 0;
    perform(actor, trace::TimerStop{site(), timer.id, ++timer.ticket});
  } else {
    set_timer(actor, timer);
  }
}

// What an earlier set has not sent yet is never sent.
void Simulation::set_timer(Actor& actor, Object& timer) {
  const std::uint64_t period = chance(50) ? 1000 : 0;
  timer.set = ++timer.ticket;
  timer.timers = period == 0 ? 1 : 1 + below(3);
  timer.has_value = false;
  perform(actor, trace::TimerSet{site(), timer.id, 1000, timer.set, period, timer.sent});
}

void Simulation::call(Object& timer) {
  --timer.timers;
  const trace::TimerCall event{timer.id, ++timer.ticket, create(false).id};
  write(event);
  log({here_ == nullptr ? trace::kTimerActor : here_->id, event});
}

}  // namespace gordian::oracle
