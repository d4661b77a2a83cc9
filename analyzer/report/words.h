// SPDX-License-Identifier: Apache-2.0
// Why a finding is one, and what to do about it: one clause each, from its kind, its subkind and its facts. Lower case,
// no full stop; first what was observed, then the rule. A finding that already carries words keeps them.
#pragma once

#include <cstddef>
#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::analysis::report {

inline constexpr std::size_t kMostNamed = 3;  // of things in a row; the rest are counted

std::string explanation_of(const Finding& finding);
std::string hint_of(const Finding& finding);

}  // namespace gordian::analysis::report
