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

// The module of the unit in the same place; only while recording, for a trace that begins after a fork.
struct UnitModule {
  std::uintptr_t base = 0;
  const char* path = nullptr;       // null: the program itself
  std::uint32_t function_base = 0;  // id of the unit's function 0; 0: nothing is known here
};
inline constinit UnitModule g_unit_modules[kMaxUnits] = {};

inline void remember_unit(const gordian_rt_unit* unit, const UnitModule& module) noexcept {
  for (std::size_t index = 0; index < kMaxUnits; ++index) {
    auto& slot = g_units[index];
    const gordian_rt_unit* none = nullptr;
    // release: pairs with the acquire in unit_of(); the descriptor and its function ids are complete.
    if (slot.load(std::memory_order_relaxed) == nullptr &&
        slot.compare_exchange_strong(none, unit, std::memory_order_release, std::memory_order_relaxed)) {
      g_unit_modules[index] = module;
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
