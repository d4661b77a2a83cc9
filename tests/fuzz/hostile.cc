// SPDX-License-Identifier: Apache-2.0
// hostile TRACE COUNT: damages a trace in so many ways and analyses each. What is found must be what is left: a refusal
// with words, or findings of which the damage can have taken some away, but made none more certain.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/fuzz/damage.h"
#include "tests/fuzz/limits.h"
#include "tests/fuzz/targets.h"

namespace gordian::test {
namespace {

bool is_among(const std::string& id, const std::vector<std::string>& all) {
  return std::find(all.begin(), all.end(), id) != all.end();
}

// Damage that shows itself: refused, or partial; nothing may be found with certainty that was not there before.
const char* complaint(const Outcome& whole, const Outcome& left) {
  if (left.refused || left == whole) {  // the header's texts and times: nothing that the analysis looks at
    return nullptr;
  }
  if (!left.partial) {
    return "neither refused nor called partial";
  }
  const bool is_new = std::any_of(left.findings.begin(), left.findings.end(),
                                  [&](const std::string& id) { return !is_among(id, whole.findings); });
  return is_new && !left.weakened ? "found something that was not there" : nullptr;
}

struct Tally {
  std::uint64_t refused = 0;
  std::uint64_t partial = 0;
  std::uint64_t other = 0;
  std::uint64_t wrong = 0;

  void add(const Outcome& outcome) { ++(outcome.refused ? refused : outcome.partial ? partial : other); }
};

int run(const Bytes& good, std::uint64_t count) {
  const Outcome whole = analyzed(good);
  Tally tally;
  for (std::uint64_t number = 0; number < count; ++number) {
    limit_time();
    const Bytes bad = damaged(good, number);
    read_file(bad);
    const Outcome left = analyzed(bad);
    tally.add(left);
    if (const char* words = is_visible(damage_of(number)) ? complaint(whole, left) : nullptr) {
      ++tally.wrong;
      std::cout << "damage " << number << ": " << words << '\n';
    }
  }
  std::cout << count << " times damaged: " << tally.refused << " refused, " << tally.partial << " partial, "
            << tally.other << " other, " << tally.wrong << " wrong\n";
  const bool all_ways = tally.refused > 0 && tally.partial > 0;
  return whole.findings.empty() || tally.wrong > 0 || !all_ways ? 1 : 0;
}

}  // namespace
}  // namespace gordian::test

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  gordian::test::limit_memory();
  std::ifstream file(argv[1], std::ios::binary);
  const gordian::test::Bytes good{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return gordian::test::run(good, std::stoull(argv[2]));
}
