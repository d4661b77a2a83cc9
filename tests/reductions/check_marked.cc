// SPDX-License-Identifier: Apache-2.0
// check_marked TRACE: of a program that was built with -gordian-keep=marked, whose trace holds all accesses, and
// besides what would have been recorded otherwise: are the racy bytes the same without the accesses that are covered,
// and of what would have been recorded? And the racy pairs of source places of these two? Prints how many accesses
// there are, how many of them are covered, and how many granules race. Status 1 if something differs.
#include <cstdio>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "analyzer/detect/happens_before.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/model/access_history.h"
#include "analyzer/model/world_mover.h"
#include "runtime/trace/decode.h"

namespace gordian {
namespace {

using namespace analysis;  // NOLINT: a test's main program

constexpr std::uint64_t kMemory = std::uint64_t{4} << 30;

enum class Role { covered, doubled, doubling, other };

// Of each site of a function, and for one that doubles another which that is: the first doubles the first of those that
// are recorded, and so on.
class Roles {
 public:
  explicit Roles(const Symbols& symbols) : symbols_(symbols) {}

  std::pair<Role, std::uint32_t> of(FunctionId function, std::uint32_t site) {
    const auto [known, is_new] = functions_.try_emplace(function);
    if (is_new) {
      fill(symbols_.access_sites(function), known->second);
    }
    return site < known->second.size() ? known->second[site] : std::pair(Role::other, site);
  }

 private:
  using Sites = std::vector<std::pair<Role, std::uint32_t>>;
  static void fill(std::span<const SiteInfo> all, Sites& sites) {
    std::vector<std::uint32_t> recorded;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      sites.emplace_back(all[i].covered_by != 0 ? Role::covered : Role::other, i);
      if (all[i].covered_by == 0 && !all[i].is_double) {
        recorded.push_back(i);
      }
    }
    std::size_t doubles = 0;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].is_double) {
        sites[i] = {Role::doubling, recorded.at(doubles)};
        sites[recorded[doubles++]].first = Role::doubled;
      }
    }
  }

  const Symbols& symbols_;
  std::map<FunctionId, Sites> functions_;
};

// Which bytes of each granule, and between which source places.
class Locations : public RaceSink {
 public:
  explicit Locations(Roles& roles) : roles_(roles) {}
  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override {
    for (std::uint64_t at = address; at < address + size; at += AccessHistory::kGranule) {
      racy[at] |= bytes;
    }
    const auto [first, second] = std::minmax(place(earlier), place(later));
    pairs.insert({first, second});
  }
  using Place = std::tuple<FunctionId, std::uint32_t, bool>;
  std::map<std::uint64_t, std::uint8_t> racy;
  std::set<std::pair<Place, Place>> pairs;

 private:
  Place place(const PastAccess& access) {
    const std::uint32_t site = access.ends_life ? access.site : roles_.of(access.function, access.site).second;
    return {access.function, site, access.ends_life};
  }
  Roles& roles_;
};

// The races of the accesses that `wants` names.
class Part : public Observer {
 public:
  Part(const World& world, const StackTable& stacks, Roles& roles, std::set<Role> wants)
      : locations(roles), stacks_(stacks), roles_(roles), wants_(std::move(wants)), order_(world, stacks, history_) {}
  void step(const Step& step) override { order_.step(step); }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override {
    const Role role = roles_.of(stacks_.node(access.place.stack).function, access.place.site).first;
    covered += role == Role::covered ? 1 : 0;
    if (wants_.contains(role)) {
      ++seen;
      order_.access(access);
    }
  }
  Locations locations;
  std::uint64_t seen = 0;
  std::uint64_t covered = 0;

 private:
  const StackTable& stacks_;
  Roles& roles_;
  const std::set<Role> wants_;
  AccessHistory history_{locations, kMemory};
  HappensBefore order_;
};

bool are_same_locations(const char* path, const Locations& all, const Locations& kept, const char* which) {
  for (const auto& [address, bytes] : all.racy) {
    const auto found = kept.racy.find(address);
    const unsigned left = found == kept.racy.end() ? 0 : found->second;
    if (left != bytes) {
      std::fprintf(stderr, "%s: granule %#lx: bytes %#x race, %#x %s\n", path, address, unsigned{bytes}, left, which);
    }
  }
  return all.racy == kept.racy;
}

int check(const char* path) {
  const Result<trace::TraceFile> file = trace::TraceFile::open(path);
  if (!file) {
    std::fprintf(stderr, "%s: %s\n", path, file.error().what.c_str());
    return 2;
  }
  const Result<Symbols> symbols = Symbols::read(*file);
  if (!symbols) {
    std::fprintf(stderr, "%s: %s\n", path, symbols.error().what.c_str());
    return 2;
  }
  World world;
  StackTable stacks;
  Roles roles(*symbols);
  Part all(world, stacks, roles, {Role::covered, Role::doubled, Role::other});
  Part kept(world, stacks, roles, {Role::doubled, Role::other});
  Part reduced(world, stacks, roles, {Role::doubling, Role::other});
  WorldMover mover(world);
  if (const auto merged = merge(*file, *symbols, stacks, {&all, &kept, &reduced, &mover}); !merged) {
    std::fprintf(stderr, "%s: %s\n", path, merged.error().what.c_str());
    return 2;
  }
  std::printf("accesses %lu covered %lu racy %zu reduced %lu\n", all.seen, all.covered, all.locations.racy.size(),
              reduced.seen);
  const bool same = are_same_locations(path, all.locations, kept.locations, "without what is covered");
  const bool same_reduced = are_same_locations(path, all.locations, reduced.locations, "of what is recorded otherwise");
  if (kept.locations.pairs != reduced.locations.pairs) {
    std::fprintf(stderr, "%s: %zu pairs of places race, %zu of what is recorded otherwise\n", path,
                 kept.locations.pairs.size(), reduced.locations.pairs.size());
    return 1;
  }
  return same && same_reduced ? 0 : 1;
}

}  // namespace
}  // namespace gordian

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: check_marked TRACE\n");
    return 2;
  }
  return gordian::check(argv[1]);
}
