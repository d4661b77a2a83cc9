// SPDX-License-Identifier: Apache-2.0
// Findings as a detector would make them, one per kind and shape, for the tests of drawing and report. Facts only: no
// explanation, no hint.
#pragma once

#include <ostream>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// Names a finding in a test's output.
inline void PrintTo(const Finding& finding, std::ostream* out) { *out << finding.id; }

}  // namespace gordian::analysis

namespace gordian::analysis::samples {

Frame frame(const char* function, const char* file, std::uint32_t line);
ActorRef goroutine(std::uint64_t id, const char* function, const char* file, std::uint32_t line);
ObjectRef object(trace::ObjectKind kind, std::uint64_t id, const char* name, const char* file = "",
                 std::uint32_t line = 0);
// A write in one line of counter.cc that raced with a read in another.
RacePair pair(std::uint32_t earlier, std::uint32_t later, std::uint64_t count);

Finding race();               // counter, two workers, both write
Finding race_with_parent();   // main reads under a lock what g7, its child, writes
Finding race_with_history();  // 1,204 hidden events, one sync edge before, one after, one through others
Finding ab_ba();              // two accounts
Finding dining(unsigned philosophers);
Finding self_lock();
Finding mixed();       // a lock held across a send; three readers behind it
Finding all_asleep();  // main waits for a WaitGroup, its worker sends to nobody
Finding stuck_select();
Finding nil_channel();
Finding leaked();
Finding lost_wakeup();
Finding lock_order();       // a, b
Finding lock_order_of_3();  // with an innocent and a gated edge
Finding double_close();
Finding starvation();            // a writer among readers, until the end
Finding livelock();              // two who give way at the same time
Finding pool(unsigned waiters);  // waiters behind a self-lock

std::vector<Finding> all();  // one of each

}  // namespace gordian::analysis::samples
