// SPDX-License-Identifier: Apache-2.0
// Accesses that another one stands for. Between two accesses of one actor to one place without any synchronisation in
// between lies no release and no acquire: whoever is unordered with one is unordered with the other. So of the two only
// one is recorded, one that touches all the bytes, and writes if the other does. No racy location is lost. What is lost
// is the second source place of a race there; the site table says which site stands for which, and the report says so
// too.
//
// Forward: on every way to the access there is one, after the last barrier, that covers it (available expressions).
// Backward: within one run, which nothing can leave or interrupt, a later access stands for an earlier one.
// A barrier is whatever may end an epoch (Selection::barriers): calls, but for quiet ones (quiet_functions.h), atomics,
// fences.
// Not across iterations: a key is the SSA value of its base, and where that gets a new value its keys end.
#pragma once

#include "instrument/pass/selection.h"

namespace gordian::pass {

// Sets Access::covered_by of those that need not be recorded.
void find_covered(llvm::Function& function, Selection& selection);

}  // namespace gordian::pass
