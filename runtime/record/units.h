// SPDX-License-Identifier: Apache-2.0
// The translation units that are loaded now, for names in the program's own last words. Lock-free to read, because the
// reader may be dying; a unit beyond the table's end only loses its names there.
#pragma once

#include <atomic>
#include <cstddef>

#include "runtime/abi/hooks.h"

namespace gordian::rt::record {

inline constexpr std::size_t kMaxUnits = 16384;
inline constinit std::atomic<const gordian_rt_unit*> g_units[kMaxUnits] = {};

inline void remember_unit(const gordian_rt_unit* unit) noexcept {
  for (auto& slot : g_units) {
    const gordian_rt_unit* none = nullptr;
    // release: pairs with the acquire in unit_of(); the descriptor and its function ids are complete.
    if (slot.load(std::memory_order_relaxed) == nullptr &&
        slot.compare_exchange_strong(none, unit, std::memory_order_release, std::memory_order_relaxed)) {
      return;
    }
  }
}

inline void forget_unit(const gordian_rt_unit* unit) noexcept {
  for (auto& slot : g_units) {
    if (slot.load(std::memory_order_relaxed) == unit) {  // relaxed: written by the same loader lock's holder
      slot.store(nullptr, std::memory_order_relaxed);
      return;
    }
  }
}

// The unit to whose function_ids the pointer belongs, or null.
inline const gordian_rt_unit* unit_of(const std::uint32_t* function) noexcept {
  for (const auto& slot : g_units) {
    const gordian_rt_unit* const unit = slot.load(std::memory_order_acquire);  // pairs with remember_unit()
    if (unit != nullptr && function >= unit->function_ids && function < unit->function_ids + unit->function_count) {
      return unit;
    }
  }
  return nullptr;
}

}  // namespace gordian::rt::record
