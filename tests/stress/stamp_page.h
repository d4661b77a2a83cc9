// SPDX-License-Identifier: Apache-2.0
// The page that the killed program shares with its killer.
#pragma once

#include <atomic>
#include <cstdint>

namespace gordian::test {

struct StampPage {
  std::atomic<std::uint64_t> operations{0};  // that have returned
  std::atomic<std::int32_t> pid{0};          // set when the program is about to begin
};

}  // namespace gordian::test
