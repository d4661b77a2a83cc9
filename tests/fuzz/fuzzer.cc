// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entrance to one target; GORDIAN_FUZZ_TARGET says which.
#include <cstddef>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  gordian::test::GORDIAN_FUZZ_TARGET({bytes, count});
  return 0;
}
