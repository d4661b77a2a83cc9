// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/races.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/describe_lanes.h"

namespace gordian::analysis {

using trace::AccessKind;
using trace::MemoryKind;
using trace::NameKind;

namespace {

// Of one pair of sites: a loop over many objects is one mistake, and enough examples of it are kept.
constexpr std::size_t kMaxObjectsPerPair = 64;

Role role(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return Role::reads;
    case AccessKind::write:
      return Role::writes;
    case AccessKind::atomic_read:
      return Role::atomically_reads;
    case AccessKind::atomic_write:
      return Role::atomically_writes;
  }
  return Role::reads;
}

bool both_write(AccessKind a, AccessKind b) { return writes(a) && writes(b); }

bool ends_life(const PastAccess& a, const PastAccess& b) { return a.ends_life || b.ends_life; }

bool is_stack(MemoryKind kind) { return kind == MemoryKind::goroutine_stack || kind == MemoryKind::thread_stack; }

// Functions that the program itself gives memory back with. Others, a library's, may know by means of their own that
// nobody uses it any more: counts of references in their compiled code.
bool is_free(std::string_view callee) {
  constexpr std::string_view kFree[] = {"free", "realloc", "reallocarray", "operator delete", "operator delete[]"};
  return std::find(std::begin(kFree), std::end(kFree), callee) != std::end(kFree);
}

std::string_view subkind(const PastAccess& a, const PastAccess& b, bool on_stack) {
  if (ends_life(a, b)) return on_stack ? "race-with-stack-reuse" : "race-with-free";
  return both_write(a.kind, b.kind) ? "write-write" : "read-write";
}

// `table[3]` and `table[7]` are one variable.
std::string without_index(std::string_view name) { return std::string(name.substr(0, name.find('['))); }

bool same_place(const Frame& a, const Frame& b) {
  return a.line == b.line && a.column == b.column && a.file == b.file && a.function == b.function;
}

}  // namespace

void Races::step(const Step& step) {
  ++steps_;
  const auto* free = std::get_if<trace::Free>(&step.event);
  if (free != nullptr && ends_a_life(step, *free)) {
    const auto block = blocks_.find(free->address);
    const bool is_known = block != blocks_.end() && !block->second.ended;
    order_.end_life(step, *free, is_known ? std::min(block->second.size, free->size) : free->size);
    if (block != blocks_.end()) {
      block->second.ended = true;
    }
    return;
  }
  order_.step(step);
  if (const auto* alloc = std::get_if<trace::Alloc>(&step.event)) {
    begin_block(step, *alloc);
  } else if (free != nullptr) {
    blocks_.erase(free->address);
  } else if (std::holds_alternative<trace::Exit>(step.event)) {
    exiting_ = true;
  }
}

void Races::begin_block(const Step& step, const trace::Alloc& alloc) {
  const std::uint64_t end = alloc.address + alloc.size;
  auto next = blocks_.lower_bound(alloc.address);
  if (next != blocks_.begin()) {
    const auto before = std::prev(next);
    next = before->second.ended && alloc.address - before->first < before->second.size ? before : next;
  }
  while (next != blocks_.end() && next->first < end && next->second.ended) {
    next = blocks_.erase(next);
  }
  blocks_[alloc.address] = {alloc.address, alloc.size, static_cast<MemoryKind>(alloc.kind), step.place, step.actor};
}

// A stack ends with who ran on it. Destructors at the end of the program run when the others have been stopped.
bool Races::ends_a_life(const Step& step, const trace::Free& free) {
  const auto kind = static_cast<MemoryKind>(free.kind);
  if (!step.actor || exiting_ || (kind != MemoryKind::heap && !is_stack(kind))) {
    return false;
  }
  if (is_stack(kind)) {
    return true;
  }
  const FunctionId function = scene_.stacks.node(step.place.stack).function;
  const auto [known, is_new] = frees_.try_emplace({function, step.place.site});
  if (is_new) {
    known->second = is_free(scene_.symbols.callee(scene_.stacks, step.place));
  }
  return known->second;
}

const Races::Block* Races::block_at(std::uint64_t address) const {
  auto next = blocks_.upper_bound(address);
  if (next == blocks_.begin()) {
    return nullptr;
  }
  const Block& block = (--next)->second;
  return address - block.address < block.size ? &block : nullptr;
}

void Races::race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
                 std::uint8_t bytes) {
  const std::uint64_t first_byte = address + (size == AccessHistory::kGranule ? std::countr_zero(bytes) : 0);
  SiteKey first{earlier.function, earlier.site, earlier.kind, earlier.ends_life};
  SiteKey second{later.function, later.site, later.kind, later.ends_life};
  if (second < first) {
    std::swap(first, second);
  }
  const Block* block = block_at(first_byte);
  const PairKey key{first, second, block != nullptr ? block->address : address};
  const auto known = index_.find(key);
  if (known != index_.end()) {
    ++races_[known->second].count;
    return;
  }
  if (++objects_of_pair_[{first, second}] > kMaxObjectsPerPair) {
    ++uncounted_;
    return;
  }
  index_.emplace(key, races_.size());
  races_.push_back({earlier, later, first_byte, block != nullptr ? std::optional(*block) : std::nullopt, steps_, 1});
}

// The two sides may know the memory by different names (`job.input` where it lives, `Job::input` behind a reference).
// The most telling one is taken, whichever came first in this run: finding ids are made of it.
Races::Variable Races::variable(const Race& race) const {
  const auto rank = [](const SiteInfo* site) {
    if (site == nullptr || site->name.empty()) {
      return 3;
    }
    const bool is_behind_a_pointer = site->name.starts_with('*');  // tells of the way, not of the thing
    return is_behind_a_pointer || site->name_kind == NameKind::field ? 2 : site->name_kind == NameKind::local ? 0 : 1;
  };
  const auto site = [&](const PastAccess& side) {
    return side.ends_life ? nullptr : scene_.symbols.access_site(side.function, side.site);
  };
  const SiteInfo* best = site(race.earlier);
  const SiteInfo* other = site(race.later);
  if (rank(other) < rank(best) || (rank(other) == rank(best) && rank(best) < 3 && other->name < best->name)) {
    best = other;
  }
  return rank(best) == 3 ? Variable{} : Variable{best->name, best->name_kind};
}

// What the two touched: the global that contains it; else the block of memory, under the name that the program has for
// what is inside.
ObjectRef Races::object(const Race& race) const {
  ObjectRef object = scene_.symbols.global_at(race.address);
  if (object.object_class != ObjectClass::none) {
    return object;
  }
  const auto [name, kind] = variable(race);
  object.name = name;
  object.address = race.address;
  if (race.block) {
    const bool is_heap = race.block->kind == MemoryKind::heap || race.block->kind == MemoryKind::map;
    const bool is_thread_local = race.block->kind == MemoryKind::thread_local_block;
    object.object_class = is_heap           ? ObjectClass::heap
                          : is_thread_local ? ObjectClass::thread_local_variable
                                            : ObjectClass::stack;
    if (is_heap) {
      object.address = race.block->address;
      object.size = race.block->size;
      object.created = Describer(scene_).stack(race.block->place);
    }
  } else if (kind == NameKind::local) {
    object.object_class = ObjectClass::stack;
  } else if (kind == NameKind::field) {
    object.object_class = ObjectClass::field;
  }
  return object;
}

Stack Races::stack(const PastAccess& access) const {
  return Describer(scene_).stack({access.stack, access.site, !access.ends_life});
}

Role Races::role_in(const Race& race, const PastAccess& access) const {
  if (!access.ends_life) return role(access.kind);
  return race.block && is_stack(race.block->kind) ? Role::ends : Role::frees;
}

ActorRef Races::side(const Race& race, const PastAccess& access) const {
  const Describer describer(scene_);
  ActorRef actor = describer.actor(order_.actor(access));
  actor.role = role_in(race, access);
  actor.stack = stack(access);
  actor.holds = describer.holds(order_.held(access));
  return actor;
}

// Which race of a group is shown: of a container's, one in the container, which has a name and is touched in every run;
// else one with the end of the memory; else one where both write.
int Races::merit(const Race& race) const {
  const bool is_global = scene_.symbols.global_at(race.address).object_class != ObjectClass::none;
  return (is_global ? 4 : 0) + (ends_life(race.earlier, race.later) ? 2 : 0) +
         (both_write(race.earlier.kind, race.later.kind) ? 1 : 0);
}

void Races::add(std::map<std::vector<std::string>, Group>& groups, const Race& race) const {
  const Stack earlier = stack(race.earlier);
  const Stack later = stack(race.later);
  const RacePair pair{user_frame_of(earlier), user_frame_of(later), role_in(race, race.earlier),
                      role_in(race, race.later), race.count};
  std::vector<std::string> key = {pair.earlier.function, pair.later.function};
  std::sort(key.begin(), key.end());
  // Inside the library's own functions the objects are its own too: one use of a container is one mistake.
  const bool is_library = (!earlier.empty() && earlier.front().internal) || (!later.empty() && later.front().internal);
  if (!is_library) {
    const ObjectRef ref = object(race);
    const Frame created = user_frame_of(ref.created);
    key.insert(key.end(), {without_index(ref.name), created.file, std::to_string(created.line)});
  }
  Group& group = groups[key];
  const bool is_better = group.shown == nullptr || merit(race) > merit(*group.shown);
  group.count += race.count;
  const auto same = std::find_if(group.pairs.begin(), group.pairs.end(), [&](const RacePair& other) {
    return same_place(other.earlier, pair.earlier) && same_place(other.later, pair.later) &&
           other.earlier_role == pair.earlier_role && other.later_role == pair.later_role;
  });
  auto place = same;
  if (same != group.pairs.end()) {
    same->count += race.count;
  } else {
    place = group.pairs.insert(group.pairs.end(), pair);
  }
  if (is_better) {
    group.shown = &race;
    std::rotate(group.pairs.begin(), place, place + 1);
  }
}

void Races::group() {
  std::map<std::vector<std::string>, Group> groups;
  for (const Race& race : races_) {
    add(groups, race);
  }
  for (auto& [key, group] : groups) {
    groups_.push_back(std::move(group));
  }
}

Surroundings::Side Races::wanted(const Race& race, const PastAccess& access) const {
  Surroundings::Side side;
  side.access = {.actor = order_.actor(access),
                 .place = {access.stack, access.site, true},
                 .kind = access.kind,
                 .address = race.address,
                 .step = race.step,
                 .is_later = &access == &race.later,
                 .ends_life = access.ends_life};
  for (const HeldLock& lock : order_.held(access)) {
    side.held.push_back(lock.object);
  }
  return side;
}

Observer* Races::again() {
  if (!grouped_) {
    group();
    for (const Group& group : groups_) {
      surroundings_.add({wanted(*group.shown, group.shown->earlier), wanted(*group.shown, group.shown->later)});
    }
    grouped_ = true;
  }
  return surroundings_.again();
}

void Races::finish(std::vector<Finding>& findings) {
  const std::vector<RaceLanes> lanes = surroundings_.take();
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const Race& race = *groups_[i].shown;
    Finding finding;
    finding.kind = FindingKind::DataRace;
    finding.subkind = subkind(race.earlier, race.later, race.block && is_stack(race.block->kind));
    finding.certainty = Certainty::observed;
    finding.object = object(race);
    finding.actors = {side(race, race.earlier), side(race, race.later)};
    finding.pairs = std::move(groups_[i].pairs);
    finding.occurrences = groups_[i].count;
    describe_lanes(scene_, lanes[i], finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace gordian::analysis
