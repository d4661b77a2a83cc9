// SPDX-License-Identifier: Apache-2.0
// Runs a program under the recorder: listens on a private socket, starts the program with its address in the
// environment, empties the rings of every instrumented process that connects into trace files, and waits for the end.
// Every instrumented descendant is followed; each gets a trace of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace gordian::analysis {

struct RunOptions {
  // The trace of the first instrumented process; further ones get `.PID` before the extension. Empty: each process gets
  // PROG.PID.STARTTIME.gtrace in the current folder. An existing trace of that name is replaced, any other file is not.
  std::string output;
  // A program that hangs for so long (hang_watch.h) is killed, so that its trace can be read; 0: never.
  std::chrono::milliseconds hang_timeout{0};
  bool discard = false;          // nothing is kept: what recording costs the program, without a writer
  bool every_access = false;     // also those that say nothing new (access_reducer.h)
  bool is_read_at_once = false;  // the trace is analysed right behind: quickly written, not small
  bool record_command = true;    // the command line goes into the trace; the environment never does
};

struct RecordedTrace {
  std::string path;  // empty if it was discarded
  pid_t pid = 0;
  std::string program;            // absolute path of the executable
  std::uint64_t discarded = 0;    // bytes, if nothing was to be kept
  std::uint64_t lost_sync = 0;    // events that found no room or could not be written
  std::uint64_t lost_access = 0;  // words of access records, likewise
  bool still_running = false;     // the process outlived the program that was started; its trace ends there
  bool was_killed = false;        // because it hung
  std::string problem;            // why the trace is incomplete ("no space left on device"), or ""
};

struct RunOutcome {
  // The program's exit status; 128 + n if signal n killed it; 126 not executable and 127 not found (then start_error
  // says why and nothing ran).
  int status = 0;
  int signal = 0;  // that killed the program, or 0
  std::optional<Error> start_error;
  std::vector<RecordedTrace> traces;  // in the order in which the processes connected; empty = nothing was instrumented
  std::vector<std::string> refused;   // instrumented processes that could not be recorded, each with the reason
};

// Starts argv (found through PATH like a shell does) and returns when it has ended and its traces are complete. Ctrl-C
// goes to the program, not to us. An Error is our own failure (no socket, no memory): status 125.
[[nodiscard]] Result<RunOutcome> record_program(const RunOptions& options, const std::vector<std::string>& argv);

// The drainer of a program that records itself (GORDIAN_OPTIONS=record): `gordian drain DESCRIPTOR`, started by the
// runtime with one end of a connected socket. is_child: a forked process, whose trace is named like that of a further
// one. Returns when that program has ended and its trace is complete.
[[nodiscard]] Result<RecordedTrace> drain_connection(int descriptor, const RunOptions& options, bool is_child);

}  // namespace gordian::analysis
