// SPDX-License-Identifier: Apache-2.0
// Two synchronisation objects of one finding may have one name: the mutex of every Account is Account::mu. They are
// marked, so that whoever prints them adds their numbers.
#pragma once

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

void tell_apart(Finding& finding);

}  // namespace gordian::analysis
