// SPDX-License-Identifier: Apache-2.0
// What is done with bytes that nobody vouches for. Each target may refuse them, with words; it may not crash, hang, or
// ask for memory that the bytes do not account for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gordian::test {

using Bytes = std::vector<std::uint8_t>;

// Makes the checksums of all chunks right, as far as chunks can be made out: what lies behind them is reached.
void repair_checksums(Bytes& bytes);

void read_file(std::span<const std::uint8_t> bytes);   // file, chunks, events, tables; the validator
void read_text(std::span<const std::uint8_t> bytes);   // the text twin; what it makes is read as a file
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
