// SPDX-License-Identifier: Apache-2.0
// Small integer helpers shared by both wings: alignment and zigzag.
#pragma once

#include <cstdint>

namespace gordian {

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t power_of_two) {
  return (value + power_of_two - 1) & ~(power_of_two - 1);
}

// Signed numbers as unsigned ones of small magnitude: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace gordian
