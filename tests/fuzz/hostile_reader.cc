// SPDX-License-Identifier: Apache-2.0
// hostile_reader TRACE COUNT: damages a trace in so many ways and reads each, with AddressSanitizer and UBSan in every
// build. A byte that is read beyond a chunk's end shows nowhere else.
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/damage.h"
#include "tests/fuzz/limits.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const gordian::test::Bytes good{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::uint64_t count = std::stoull(argv[2]);
  for (std::uint64_t number = 0; number < count; ++number) {
    gordian::test::limit_time();
    gordian::test::read_file(gordian::test::damaged(good, number));
  }
}
