// SPDX-License-Identifier: Apache-2.0
// Which file the trace of a process becomes.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "analyzer/launch/session.h"
#include "analyzer/launch/shared_ring.h"
#include "analyzer/launch/trace_writer.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

// Where a process comes from.
struct Descent {
  bool is_first = false;      // its trace has the name that the user chose
  unsigned earlier = 0;       // other programs that the process was before, with traces named after its number
  std::uint64_t starter = 0;  // identity of the trace of who executed it, 0 = none; the child of a fork knows better
};

// The file, empty, named as RunOptions says; nowhere, if nothing is to be kept.
Result<TraceWriter> create_output(const SharedRing& ring, pid_t pid, const RunOptions& options, const Descent& descent);

}  // namespace gordian::analysis
