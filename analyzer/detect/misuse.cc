// SPDX-License-Identifier: Apache-2.0
// Remembers who closed, unlocked and added, and reads the panics of the final world.
#include "analyzer/detect/misuse.h"

#include <algorithm>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/waits.h"

namespace gordian::analysis {
namespace {

using trace::PanicCode;

constexpr std::size_t kMostAdds = 4;

std::string_view subkind_of(PanicCode code) {
  switch (code) {
#define GORDIAN_PANIC(number, name, fatal, subkind, text) \
  case PanicCode::name:                                   \
    return subkind;
#include "runtime/trace/panics.def"
#undef GORDIAN_PANIC
    case PanicCode::none:
      break;
  }
  return "";
}

// The standard library's own code, inlined or not, that a joinable thread ends in.
bool destroys_thread(const Frame& frame) {
  return frame.function == "std::thread::~thread" || frame.function == "std::thread::operator=";
}

}  // namespace

void Misuse::step(const Step& step) {
  const Deed deed{step.actor, step.place};
  if (const auto* close = trace::event_as<trace::ChanClose>(&step.event)) {
    if (closes_.find(ObjectId(close->object)) == nullptr) {
      closes_[ObjectId(close->object)] = deed;
    }
  } else if (const auto* unlock = trace::event_as<trace::Unlock>(&step.event)) {
    unlocks_[ObjectId(unlock->object)] = deed;
  } else if (const auto* panic = trace::event_as<trace::Panic>(&step.event)) {
    note_hold(*panic);
  } else if (const auto* add = trace::event_as<trace::WgAdd>(&step.event)) {
    std::vector<Deed>& adds = adds_[ObjectId(add->object)];
    if (adds.size() < kMostAdds && std::find(adds.begin(), adds.end(), deed) == adds.end()) {
      adds.push_back(deed);
    }
  }
}

void Misuse::note_hold(const trace::Panic& panic) {
  const ObjectState* lock = scene_.world.object(ObjectId(panic.object));
  if (panic.code < static_cast<std::uint64_t>(trace::kFirstTold) || lock == nullptr || lock->holders.empty()) {
    return;
  }
  const ActorState* holder = scene_.world.actor(lock->holders.front());
  if (const HeldLock* hold = holder == nullptr ? nullptr : hold_of(*holder, lock->id)) {
    holds_[lock->id] = {holder->id, hold->place};
  }
}

std::vector<Misuse::Deed> Misuse::causes(const PanicRecord& panic) const {
  const auto one = [&](const FlatMap<ObjectId, Deed>& deeds) {
    const Deed* const found = deeds.find(panic.object);
    return found == nullptr ? std::vector<Deed>{} : std::vector<Deed>{*found};
  };
  switch (panic.code) {
    case PanicCode::send_on_closed:
    case PanicCode::close_of_closed:
      return one(closes_);
    case PanicCode::destroyed_locked:
    case PanicCode::locked_at_thread_exit:
    case PanicCode::foreign_unlock:
      return one(holds_);
    case PanicCode::free_unlock:
    case PanicCode::unlock_of_unlocked:
    case PanicCode::runlock_of_unlocked:
    case PanicCode::rw_unlock_of_unlocked:
      return one(unlocks_);
    case PanicCode::negative_wait_group:
    case PanicCode::wait_group_misuse:
    case PanicCode::wait_group_reused: {
      const std::vector<Deed>* const found = adds_.find(panic.object);
      return found == nullptr ? std::vector<Deed>{} : *found;
    }
    default:
      return {};
  }
}

Finding Misuse::make(const PanicRecord& panic, std::string_view subkind) const {
  const Describer describe(scene_);
  Finding finding;
  finding.kind = FindingKind::Misuse;
  finding.subkind = subkind;
  finding.certainty = Certainty::observed;
  finding.panic = panic.code;
  if (panic.object) {
    finding.object = describe.object(panic.object, panic.place);
  }
  std::vector<Deed> deeds{{panic.actor, panic.place}};
  for (const Deed& cause : causes(panic)) {
    if (cause != deeds.front()) {
      deeds.push_back(cause);
    }
  }
  if (deeds.size() > 1 && !panic.place.stack) {
    deeds.erase(deeds.begin());  // the thread's last steps: where they were says nothing
  }
  for (const Deed& deed : deeds) {
    ActorRef actor = describe.actor(deed.actor);
    actor.role = Role::performs;
    actor.stack = describe.stack(deed.place);
    if (panic.object) {
      actor.objects.push_back(finding.object);
    }
    finding.actors.push_back(std::move(actor));
  }
  return finding;
}

bool Misuse::is_misuse(const PanicRecord& panic) const {
  if (panic.code != PanicCode::joinable_destroyed) {
    return !subkind_of(panic.code).empty();
  }
  const Stack stack = Describer(scene_).stack(panic.place);
  return std::any_of(stack.begin(), stack.end(), destroys_thread);
}

// Whoever else still lives might yet have joined it.
void Misuse::add_threads_left(std::vector<Finding>& findings) const {
  const auto& actors = scene_.world.actors();
  const bool others_live = std::any_of(actors.begin(), actors.end(), [](const auto& entry) {
    return entry.first != kMain && entry.second.status != ActorStatus::ended;
  });
  if (!scene_.world.main_returned() || others_live) {
    return;
  }
  std::map<Place, std::size_t> known;
  for (const auto& [id, thread] : actors) {
    if (!thread.is_thread || thread.status != ActorStatus::ended || thread.awaited || !thread.created.stack) {
      continue;
    }
    const auto [same, fresh] = known.try_emplace(thread.created, findings.size());
    if (fresh) {
      PanicRecord left;
      left.code = PanicCode::thread_left;
      left.actor = thread.parent;
      left.place = thread.created;
      findings.push_back(make(left, subkind_of(left.code)));
    } else {
      ++findings[same->second].occurrences;
    }
  }
}

void Misuse::finish(std::vector<Finding>& findings) {
  add_threads_left(findings);
  std::map<std::tuple<PanicCode, ObjectId, Place>, std::size_t> known;
  for (const PanicRecord& panic : scene_.world.panics()) {
    if (!is_misuse(panic)) {
      continue;
    }
    const std::string_view subkind = subkind_of(panic.code);
    const auto [same, fresh] = known.try_emplace({panic.code, panic.object, panic.place}, findings.size());
    if (fresh) {
      findings.push_back(make(panic, subkind));
    } else {
      ++findings[same->second].occurrences;
    }
  }
}

}  // namespace gordian::analysis
