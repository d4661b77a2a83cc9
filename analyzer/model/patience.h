// SPDX-License-Identifier: Apache-2.0
// How much work accesses may make. A few bytes can tell of very many: so much is done for any trace, so much more for
// each access that is told.
#pragma once

#include <cstdint>

namespace gordian::analysis {

class Patience {
 public:
  static constexpr std::uint64_t kFirst = std::uint64_t{1} << 26;  // parts
  static constexpr std::uint64_t kMore = 64;

  explicit Patience(std::uint64_t parts = kFirst) : left_(parts) {}
  void hear(std::uint64_t accesses) { left_ += kMore * accesses; }
  bool can_afford(std::uint64_t parts) {
    if (parts > left_) {
      return false;
    }
    left_ -= parts;
    return true;
  }

 private:
  std::uint64_t left_;  // parts
};

}  // namespace gordian::analysis
