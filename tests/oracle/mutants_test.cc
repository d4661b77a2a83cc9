// SPDX-License-Identifier: Apache-2.0
// The detector with one mistake, each of mutants.py in turn: some program must tell the difference.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/oracle/mutant.h"
#include "tests/oracle/verdict.h"

namespace gordian::oracle {
namespace {

struct NamedMutant {
  Mutant mutant;
  const char* name;
};

void PrintTo(const NamedMutant& mutant, std::ostream* out) { *out << mutant.name; }

bool notices(std::uint64_t seed) {
  Simulation simulation(seed);
  simulation.run();
  const Verdict found = detect(open(simulation));
  const ExpectedRaces expected = races_of(program_of(simulation, found.order));
  return !fits(expected, found.races) || !fits(expected, found.tidy_races) || !fits(expected, found.second_look) ||
         !fits(expected, found.of_footprints);
}

// That nothing but the mistake is noticed.
TEST(OracleMutants, WithoutAMistakeTheSourcesAreTheProducts) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    EXPECT_FALSE(notices(seed)) << "seed " << seed;
  }
}

class OracleMutant : public testing::TestWithParam<NamedMutant> {
 protected:
  void SetUp() override { made_mistake = GetParam().mutant; }
  void TearDown() override { made_mistake = Mutant::none; }
};

TEST_P(OracleMutant, IsCaught) {
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    if (notices(seed)) {
      return;
    }
  }
  FAIL() << "no program notices: " << GetParam().name;
}

constexpr NamedMutant kMutants[] = {
#define GORDIAN_MUTANT(name) {Mutant::name, #name},
#include "mutants.def"
#undef GORDIAN_MUTANT
};
INSTANTIATE_TEST_SUITE_P(Detector, OracleMutant, testing::ValuesIn(kMutants),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace gordian::oracle
