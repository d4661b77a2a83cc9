// SPDX-License-Identifier: Apache-2.0
// The detector against the definition, on 2,000 random programs: the same locations, the same pairs of source places.
#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"
#include "tests/oracle/simulation.h"
#include "tests/oracle/verdict.h"

namespace gordian::oracle {
namespace {

bool has_an_end(const Races& races) {
  return std::ranges::any_of(
      races, [](const auto& race) { return race.first.first.ends_life || race.first.second.ends_life; });
}

TEST(Oracle, DetectorEqualsDefinition) {
  std::uint64_t racy = 0;
  std::uint64_t clean = 0;
  std::uint64_t with_ends = 0;
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    const trace::TraceFile file = open(simulation);
    ASSERT_FALSE(file.truncated());
    const Verdict found = detect(file);
    const ExpectedRaces expected = races_of(program_of(simulation, found.order));
    ASSERT_TRUE(fits(expected, found.races)) << "seed " << seed << "\n" << difference(expected, found.races);
    ASSERT_TRUE(fits(expected, found.tidy_races)) << "seed " << seed << "\n" << difference(expected, found.tidy_races);
    ASSERT_TRUE(fits(expected, found.second_look)) << "seed " << seed << "\n"
                                                   << difference(expected, found.second_look);
    ASSERT_TRUE(fits(expected, found.of_footprints)) << "seed " << seed << "\n"
                                                     << difference(expected, found.of_footprints);
    ASSERT_EQ(found.merge.unordered, 0u) << "seed " << seed;
    ASSERT_EQ(found.merge.unresolved, 0u) << "seed " << seed;
    ASSERT_EQ(found.merge.accesses, simulation.accesses()) << "seed " << seed;
    (expected.all.empty() ? clean : racy) += 1;
    with_ends += has_an_end(expected.certain) ? 1 : 0;
  }
  EXPECT_GT(racy, kPrograms / 4);
  EXPECT_GT(clean, 0u);
  EXPECT_GT(with_ends, kPrograms / 20);
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
  seen.insert(trace::EventKind::Inherited);  // only in the trace of a fork's child: tests/cli/process
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  EXPECT_TRUE(seen.contains(trace::EventKind::Type)) << "no program contains " << text;
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
}

}  // namespace
}  // namespace gordian::oracle
