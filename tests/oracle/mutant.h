// SPDX-License-Identifier: Apache-2.0
// The mistake that is made at the moment. mutants.py writes the detector's sources so that they ask.
#pragma once

#include <cstdint>

namespace gordian::oracle {

enum class Mutant : std::uint8_t {
  none,
#define GORDIAN_MUTANT(name) name,
#include "mutants.def"
#undef GORDIAN_MUTANT
};

inline Mutant made_mistake = Mutant::none;

inline bool is_on(Mutant mutant) { return made_mistake == mutant; }

}  // namespace gordian::oracle
