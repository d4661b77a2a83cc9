// SPDX-License-Identifier: Apache-2.0
// check_marked TRACE: of a program that was built with -gordian-keep=marked, whose trace holds all accesses: are the
// racy bytes the same without those that the pass would have left out? Prints how many accesses there are, how many of
// them are covered, and how many granules race. Status 1 if they differ.
#include <cstdio>
#include <map>

#include "analyzer/detect/happens_before.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/model/access_history.h"
#include "analyzer/model/world_mover.h"
#include "runtime/trace/decode.h"

namespace gordian {
namespace {

using namespace analysis;  // NOLINT: a test's main program

constexpr std::uint64_t kMemory = std::uint64_t{4} << 30;

// Which bytes of each granule.
class Locations : public RaceSink {
 public:
  void race(const PastAccess&, const PastAccess&, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override {
    for (std::uint64_t at = address; at < address + size; at += AccessHistory::kGranule) {
      racy[at] |= bytes;
    }
  }
  std::map<std::uint64_t, std::uint8_t> racy;
};

class Reduced : public Observer {
 public:
  Reduced(const World& world, const StackTable& stacks, const Symbols& symbols, RaceSink& sink)
      : stacks_(stacks), symbols_(symbols), history_(sink, kMemory), order_(world, stacks, history_) {}
  void step(const Step& step) override { order_.step(step); }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override {
    const SiteInfo* site = symbols_.access_site(stacks_.node(access.place.stack).function, access.place.site);
    ++all;
    if (site != nullptr && site->covered_by != 0) {
      ++covered;
    } else {
      order_.access(access);
    }
  }
  std::uint64_t all = 0;
  std::uint64_t covered = 0;

 private:
  const StackTable& stacks_;
  const Symbols& symbols_;
  AccessHistory history_;
  HappensBefore order_;
};

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
  Locations all;
  Locations kept;
  AccessHistory history(all, kMemory);
  HappensBefore order(world, stacks, history);
  Reduced reduced(world, stacks, *symbols, kept);
  WorldMover mover(world);
  if (const auto merged = merge(*file, *symbols, stacks, {&order, &reduced, &mover}); !merged) {
    std::fprintf(stderr, "%s: %s\n", path, merged.error().what.c_str());
    return 2;
  }
  std::printf("accesses %lu covered %lu racy %zu\n", reduced.all, reduced.covered, all.racy.size());
  if (all.racy == kept.racy) {
    return 0;
  }
  for (const auto& [address, bytes] : all.racy) {
    const auto found = kept.racy.find(address);
    const unsigned left = found == kept.racy.end() ? 0 : found->second;
    if (left != bytes) {
      std::fprintf(stderr, "%s: granule %#lx: bytes %#x race, %#x without what is left out\n", path, address,
                   unsigned{bytes}, left);
    }
  }
  return 1;
}

}  // namespace
}  // namespace gordian

int main(int count, char** words) { return count == 2 ? gordian::check(words[1]) : 2; }
