// SPDX-License-Identifier: Apache-2.0
// The detector against the definition, on 2,000 random programs: the same locations, the same pairs of source places.
// Then the detector with one rule taken away, eighteen times: each time some program must tell the difference.
#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "analyzer/detect/happens_before.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/model/world.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"
#include "tests/oracle/simulation.h"

namespace gordian::oracle {
namespace {

constexpr std::uint64_t kPrograms = 2000;

class Collector : public analysis::RaceSink {
 public:
  void race(const analysis::PastAccess& earlier, const analysis::PastAccess& later, std::uint64_t address,
            std::uint64_t size, std::uint8_t bytes) override {
    Bytes raced;
    for (std::uint64_t i = 0; i < size; ++i) {
      if (size > 8 || (bytes >> i & 1) != 0) {
        raced.set(address + i - kMemory);
      }
    }
    add_race(races, place(earlier), place(later), raced);
  }
  Races races;

 private:
  static SourcePlace place(const analysis::PastAccess& access) {
    return {access.function.value, access.site, access.kind};
  }
};

class Mover : public analysis::Observer {
 public:
  explicit Mover(analysis::World& world) : world_(world) {}
  void step(const analysis::Step& step) override { world_.apply(step); }

 private:
  analysis::World& world_;
};

struct Verdict {
  Races races;
  analysis::MergeSummary merge;
};

trace::TraceFile open(const Simulation& simulation) {
  auto file = trace::TraceFile::from_bytes(simulation.trace(), "simulation");
  EXPECT_TRUE(file) << file.error().what;
  return std::move(*file);
}

Verdict detect(const trace::TraceFile& file, const analysis::EdgeRules& rules = {}) {
  auto symbols = analysis::Symbols::read(file);
  EXPECT_TRUE(symbols) << symbols.error().what;
  analysis::StackTable stacks;
  analysis::World world;
  Collector collector;
  analysis::HappensBefore detector(world, stacks, collector, rules);
  Mover mover(world);
  auto summary = analysis::merge(file, *symbols, stacks, {&detector, &mover});
  EXPECT_TRUE(summary) << summary.error().what << " at " << summary.error().where;
  return {std::move(collector.races), summary ? *summary : analysis::MergeSummary{}};
}

std::string difference(const Races& expected, const Races& found) {
  std::string text;
  const auto list = [&](const char* title, const Races& all, const Races& without) {
    for (const auto& [pair, bytes] : all) {
      const auto other = without.find(pair);
      if (other == without.end() || other->second != bytes) {
        const Bytes missing = other == without.end() ? bytes : bytes & ~other->second;
        text += std::string(title) + " f" + std::to_string(pair.first.function) + "/" +
                std::to_string(pair.first.site) + " f" + std::to_string(pair.second.function) + "/" +
                std::to_string(pair.second.site) + " bytes " + std::to_string(missing.count()) + " from " +
                std::to_string(missing._Find_first()) + "\n";
      }
    }
  };
  list("missed", expected, found);
  list("invented", found, expected);
  return text;
}

TEST(Oracle, DetectorEqualsDefinition) {
  std::uint64_t racy = 0;
  std::uint64_t clean = 0;
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    const trace::TraceFile file = open(simulation);
    ASSERT_FALSE(file.truncated());
    const Verdict found = detect(file);
    const Races expected = races_of(simulation.program());
    ASSERT_TRUE(found.races == expected) << "seed " << seed << "\n" << difference(expected, found.races);
    ASSERT_EQ(found.merge.unordered, 0u) << "seed " << seed;
    ASSERT_EQ(found.merge.unresolved, 0u) << "seed " << seed;
    ASSERT_EQ(found.merge.accesses, simulation.accesses()) << "seed " << seed;
    (expected.empty() ? clean : racy) += 1;
  }
  EXPECT_GT(racy, kPrograms / 4);
  EXPECT_GT(clean, 0u);
}

std::string text_of(const trace::TraceFile& file) {
  std::ostringstream out;
  EXPECT_TRUE(trace::to_text(file, out));
  return out.str();
}

TEST(Oracle, ProgramsKeepTheRulesAndSurviveAsText) {
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    const trace::TraceFile file = open(simulation);
    const auto violation = trace::validate(file);
    ASSERT_TRUE(violation);
    ASSERT_FALSE(violation->has_value()) << "seed " << seed << ": " << trace::rule_text((*violation)->rule) << " at "
                                         << (*violation)->offset << ": " << (*violation)->what;
    const std::string text = text_of(file);
    const auto bytes = trace::from_text(text, "text");
    ASSERT_TRUE(bytes) << bytes.error().where << ": " << bytes.error().what;
    const auto again = trace::TraceFile::from_bytes(*bytes, "text");
    ASSERT_TRUE(again);
    ASSERT_EQ(text_of(*again), text) << "seed " << seed;
  }
}

TEST(Oracle, ProgramsHoldEveryEventKind) {
  std::set<trace::EventKind> seen;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    const trace::TraceFile file = open(simulation);
    for (const auto& ref : file.chunks()) {
      if (ref.header.family != trace::Family::sync) {
        continue;
      }
      const auto chunk = file.read(ref);
      trace::EventReader reader(chunk->payload, chunk->payload_offset());
      for (auto event = reader.next(); event->index() != 0; event = reader.next()) {
        std::visit(
            [&]<class Event>(const Event&) {
              if constexpr (!std::is_same_v<Event, std::monostate>) {
                seen.insert(Event::kKind);
              }
            },
            *event);
      }
    }
  }
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  EXPECT_TRUE(seen.contains(trace::EventKind::Type)) << "no program contains " << text;
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
}

struct Mutant {
  const char* name;
  void (*mutate)(analysis::EdgeRules& rules);
};

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

class OracleMutants : public testing::TestWithParam<Mutant> {};

TEST_P(OracleMutants, IsCaught) {
  analysis::EdgeRules rules;
  GetParam().mutate(rules);
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    if (detect(open(simulation), rules).races != races_of(simulation.program())) {
      return;
    }
  }
  FAIL() << "no program notices: " << GetParam().name;
}

using Rules = analysis::EdgeRules;
INSTANTIATE_TEST_SUITE_P(
    Detector, OracleMutants,
    testing::Values(Mutant{"creation", [](Rules& rules) { rules.creation = false; }},
                    Mutant{"join_thread", [](Rules& rules) { rules.join_thread = false; }},
                    Mutant{"send_to_receive", [](Rules& rules) { rules.send_to_receive = false; }},
                    Mutant{"receive_to_send", [](Rules& rules) { rules.receive_to_send = false; }},
                    Mutant{"close_to_receive", [](Rules& rules) { rules.close_to_receive = false; }},
                    Mutant{"unlock_to_lock", [](Rules& rules) { rules.unlock_to_lock = false; }},
                    Mutant{"reader_to_writer", [](Rules& rules) { rules.reader_to_writer = false; }},
                    Mutant{"wait_group", [](Rules& rules) { rules.wait_group = false; }},
                    Mutant{"once", [](Rules& rules) { rules.once = false; }},
                    Mutant{"timer", [](Rules& rules) { rules.timer = false; }},
                    Mutant{"cond", [](Rules& rules) { rules.cond = false; }},
                    Mutant{"semaphore", [](Rules& rules) { rules.semaphore = false; }},
                    Mutant{"atomics", [](Rules& rules) { rules.atomics = false; }},
                    Mutant{"release_sequence", [](Rules& rules) { rules.release_sequence = false; }},
                    Mutant{"fences", [](Rules& rules) { rules.fences = false; }},
                    Mutant{"advance", [](Rules& rules) { rules.advance = false; }},
                    Mutant{"slot_shift", [](Rules& rules) { rules.slot_shift = 1; }},
                    Mutant{"epoch_shift", [](Rules& rules) { rules.epoch_shift = 1; }}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace gordian::oracle
