// SPDX-License-Identifier: Apache-2.0
// Accesses at fixed distances from each other as one record: the fields of an object, a[i] and a[i + 1], what is left
// of a loop that was unrolled. All of a run, reads and writes mixed, or all that are told of one loop with the
// same counts and strides. The first of them is recorded, under a number that stands for the group; the site table
// lists its members and how far from the first one they lie (trace/site_table.h). Every site is kept, and nothing is
// claimed that would not have been recorded: who begins a run comes to its end, over blocks, too (raised_runs.h), and
// nothing in it synchronises.
//
// Two addresses have one base if they are the same expression but for a constant. Within a run an expression has one
// value; the distance is exact modulo the size of the address space, like the addresses themselves.
#pragma once

#include <llvm/Analysis/ScalarEvolution.h>

#include "instrument/pass/selection.h"
#include "instrument/pass/site_table_writer.h"

namespace gordian::pass {

// Of accesses that have their numbers; the function gets no more. Leaves the first of each group in its place.
void form_groups(Selection& selection, llvm::ScalarEvolution& evolution, SiteTableWriter& table);

}  // namespace gordian::pass
