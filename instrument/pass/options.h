// SPDX-License-Identifier: Apache-2.0
// What can be asked of the pass with -mllvm, each reduction by a name of its own:
//   -gordian-heap=false       records accesses to allocated memory that nobody else can name (private_objects.h)
//   -gordian-arguments=false  records accesses through arguments that only private objects are given for
//                             (private_arguments.h)
//   -gordian-covered=false    records accesses that another one stands for (covered.h)
//   -gordian-loops=false      records accesses of loops one by one (loop_ranges.h)
//   -gordian-groups=false     records accesses of one base one by one (groups.h)
//   -gordian-raise=false      leaves the accesses of each block where they are (raised_runs.h; only for groups)
//   -gordian-quiet=false      takes every call of the program's own functions for a barrier (quiet_functions.h)
//   -gordian-stats            prints how often each of them was possible, and where (counts.h)
//   -gordian-keep=marked      records everything, each access by itself, marks in the site table what is covered, and
//                             records besides what would have been recorded, under sites of its own: one run shows
//                             both sets
#pragma once

namespace gordian::pass {

[[nodiscard]] bool looks_for_private_heap();
[[nodiscard]] bool looks_for_private_arguments();
[[nodiscard]] bool looks_for_covered();
[[nodiscard]] bool looks_for_loop_ranges();
[[nodiscard]] bool looks_for_groups();
[[nodiscard]] bool raises_runs();
[[nodiscard]] bool looks_for_quiet_functions();
[[nodiscard]] bool keeps_marked();
[[nodiscard]] bool prints_counts();

}  // namespace gordian::pass
