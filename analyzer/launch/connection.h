// SPDX-License-Identifier: Apache-2.0
// The handshake with an instrumented process: it sends a memory file, we answer whether we take it. Who it is comes
// from the kernel, not from what it says.
#pragma once

#include <sys/types.h>

#include <string>

#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

struct Connection {
  Descriptor socket;
  Descriptor memfd;
  Descriptor pidfd;  // readable when the process has ended
  pid_t pid = 0;
  std::string command;  // its command line, arguments separated by blanks
};

// Receives the hello; does not answer yet. Waits for a bounded time, so that a silent peer cannot stop the others.
Result<Connection> receive_hello(Descriptor socket);
// Answers. A refused program runs on unrecorded.
void answer_hello(const Connection& connection, bool accepted);

Descriptor open_pidfd(pid_t pid);
pid_t parent_of(pid_t pid);  // 0 if there is no such process

}  // namespace gordian::analysis
