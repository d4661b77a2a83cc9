// SPDX-License-Identifier: Apache-2.0
// The name of a finding: a hash of its kind, the functions it is in and the variable or locks it is about. Not of
// lines, addresses, ids or counts, so that it survives an edit above it and the next run.
#pragma once

#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// "G-" and 8 hexadecimal digits.
std::string finding_id(const Finding& finding);

// Sorts findings (by kind, object, places) and gives each its id; equal hashes get distinct ids in that order.
void sort_and_name(std::vector<Finding>& findings);

}  // namespace gordian::analysis
