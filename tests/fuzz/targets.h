// SPDX-License-Identifier: Apache-2.0
// What is done with bytes that nobody vouches for, to the last word of the report.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/fuzz/reading.h"

namespace gordian::test {

void look_at_it(std::span<const std::uint8_t> bytes);  // merge, every detector, the report

// What became of a trace; for tests that know what should.
struct Outcome {
  bool refused = false;
  bool partial = false;   // and the report says so
  bool weakened = false;  // no finding is more than potential
  std::vector<std::string> findings;
  bool operator==(const Outcome&) const = default;
};
Outcome analyzed(Bytes bytes);

}  // namespace gordian::test
