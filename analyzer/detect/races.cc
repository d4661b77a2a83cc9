// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/races.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/describe_lanes.h"
#include "analyzer/detect/raced_object.h"
#include "analyzer/detect/stand_ins.h"
#include "analyzer/finding/finding_id.h"

namespace gordian::analysis {

using trace::AccessKind;

namespace {

// Who wants to know what to mend first does not have hundreds of races in mind, and the first few of each tell.
constexpr std::size_t kMostCompared = 256;
constexpr std::size_t kPairsCompared = 16;

bool both_write(AccessKind a, AccessKind b) { return writes(a) && writes(b); }

bool ends_life(const PastAccess& a, const PastAccess& b) { return a.ends_life || b.ends_life; }

std::string_view subkind(const PastAccess& a, const PastAccess& b, bool on_stack) {
  if (ends_life(a, b)) return on_stack ? "race-with-stack-reuse" : "race-with-free";
  return both_write(a.kind, b.kind) ? "write-write" : "read-write";
}

std::uint64_t half_of_memory() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  const std::uint64_t memory = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
  getrlimit(RLIMIT_AS, &limit);
  return std::min<std::uint64_t>(memory, limit.rlim_cur) / 2;
}

// `table[3]` and `table[7]` are one variable.
std::string without_index(std::string_view name) { return std::string(name.substr(0, name.find('['))); }

bool same_place(const Frame& a, const Frame& b) {
  return a.line == b.line && a.column == b.column && a.file == b.file && a.function == b.function;
}

}  // namespace

Races::Races(const Scene& scene, std::uint64_t memory, Told told)
    : scene_(scene),
      budget_(memory != 0 ? memory : half_of_memory()),
      told_(told),
      suspects_(std::make_unique<SuspectFinder>(budget_)),
      first_look_(scene, scene.world, *suspects_),
      first_races_(scene.stacks),
      surroundings_(scene) {}

// What was looked at again was looked at before.
void Races::admit(Coverage& coverage) const {
  coverage.left_out += first_look_.order().left_out();
  if (second_look_ != nullptr) {
    coverage.left_out += second_look_->left_out();
    coverage.races_uncounted = second_look_->uncounted();
  }
}

ObjectRef Races::object(const Race& race) const {
  return raced_object(scene_, race.earlier, race.later, race.address, race.block ? &*race.block : nullptr);
}

Stack Races::stack(const PastAccess& access) const {
  return Describer(scene_).stack({access.stack, access.site, !access.ends_life});
}

Role Races::role_in(const Race& race, const PastAccess& access) const {
  if (!access.ends_life) return role_of(access.kind);
  return race.block && is_stack(race.block->kind) ? Role::ends : Role::frees;
}

ActorRef Races::side(const Race& race, const PastAccess& access) const {
  const Describer describer(scene_);
  ActorRef actor = describer.actor(second_look_->order().actor(access));
  actor.role = role_in(race, access);
  actor.stack = stack(access);
  actor.holds = describer.holds(second_look_->order().held(access));
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
  std::vector<std::string> variable;
  if (!is_library) {
    const ObjectRef ref = object(race);
    const Frame created = user_frame_of(ref.created);
    variable = {without_index(ref.name), created.file, std::to_string(created.line)};
    key.insert(key.end(), variable.begin(), variable.end());
  }
  Group& group = groups[key];
  group.variable = is_library ? key : variable;
  const bool is_better = group.shown == nullptr || merit(race) > merit(*group.shown);
  group.count += race.count;
  group.races.push_back(&race);
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
  for (const Race& race : second_look_->races()) {
    add(groups, race);
  }
  for (auto& [key, group] : groups) {
    groups_.push_back(std::move(group));
  }
}

Surroundings::Side Races::wanted(const Race& race, const PastAccess& access) const {
  Surroundings::Side side;
  side.access = {.actor = second_look_->order().actor(access),
                 .place = {access.stack, access.site, true},
                 .kind = access.kind,
                 .address = race.address,
                 .step = race.step,
                 .is_later = &access == &race.later,
                 .ends_life = access.ends_life};
  for (const HeldLock& lock : second_look_->order().held(access)) {
    side.held.push_back(lock.object);
  }
  return side;
}

FirstRaces::Moment Races::moment(const PastAccess& access, std::uint64_t low, std::uint64_t high) const {
  return {.actor = second_look_->order().actor(access),
          .function = access.function,
          .site = access.site,
          .kind = access.kind,
          .ends_life = access.ends_life,
          .age = second_look_->order().age(access),
          .low = low,
          .high = high};
}

void Races::look_for_first() {
  std::map<std::vector<std::string>, std::size_t> numbers;
  for (Group& group : std::span(groups_).first(std::min(groups_.size(), kMostCompared))) {
    const auto [known, is_new] = numbers.try_emplace(group.variable, first_races_.size());
    const std::size_t number = is_new ? first_races_.add() : known->second;
    group.number = number;
    for (const Race* race : std::span(group.races).first(std::min(group.races.size(), kPairsCompared))) {
      const std::uint64_t byte = race->address;
      first_races_.add_pair(number, {moment(race->earlier, byte, byte + 1), moment(race->later, byte, byte + 1)});
      const std::uint64_t granule = byte - byte % AccessHistory::kGranule;
      const std::uint64_t low = race->block ? race->block->address : granule;
      const std::uint64_t high = low + (race->block ? race->block->size : AccessHistory::kGranule);
      for (const PastAccess& side : race->sides) {
        // Who learns the value may do another thing next.
        if (side.kind != AccessKind::write || stands_for_a_read(scene_.symbols, side)) {
          first_races_.add_read(number, moment(side, low, high));
        }
      }
    }
  }
}

Observer* Races::again() {
  if (second_look_ == nullptr) {
    if (suspects_->suspects().empty()) {
      return nullptr;
    }
    suspects_->forget_all();
    second_look_ = std::make_unique<RaceFinder>(scene_, suspects_->sorted_suspects(), budget_);
    return second_look_.get();
  }
  if (!grouped_) {
    group();
    for (const Group& group : groups_) {
      surroundings_.add({wanted(*group.shown, group.shown->earlier), wanted(*group.shown, group.shown->later)});
    }
    grouped_ = true;
    if (groups_.size() > 1) {
      look_for_first();
      return &first_races_;
    }
  }
  return surroundings_.again();
}

std::vector<StandIn> Races::stand_ins(const Group& group) const {
  std::vector<StandIn> all;
  for (const Race* race : group.races) {
    for (const PastAccess* side : {&race->earlier, &race->later}) {
      for (StandIn& one : stands_for(scene_, *side)) {
        if (std::find(all.begin(), all.end(), one) == all.end()) {
          all.push_back(std::move(one));
        }
      }
    }
  }
  return all;
}

void Races::finish(std::vector<Finding>& findings) {
  const std::vector<RaceLanes> lanes = surroundings_.take();
  const std::size_t begin = findings.size();
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const Race& race = *groups_[i].shown;
    Finding finding;
    finding.kind = FindingKind::DataRace;
    finding.subkind = subkind(race.earlier, race.later, race.block && is_stack(race.block->kind));
    finding.certainty = Certainty::observed;
    finding.object = object(race);
    finding.actors = {side(race, race.earlier), side(race, race.later)};
    finding.pairs = std::move(groups_[i].pairs);
    finding.stand_ins = stand_ins(groups_[i]);
    finding.occurrences = groups_[i].count;
    describe_lanes(scene_, lanes[i], finding);
    findings.push_back(std::move(finding));
  }
  tell_causes(std::span(findings).subspan(begin));
}

void Races::tell_causes(std::span<Finding> findings) const {
  const std::vector<std::vector<std::size_t>> causes = first_races_.causes();
  const std::size_t compared = causes.empty() ? 0 : std::min(groups_.size(), kMostCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    for (std::size_t j = 0; j < compared; ++j) {
      const std::vector<std::size_t>& mine = causes[groups_[i].number];
      if (std::find(mine.begin(), mine.end(), groups_[j].number) != mine.end()) {
        findings[i].follows.push_back(finding_id(findings[j]));
      }
    }
  }
}

}  // namespace gordian::analysis
