// SPDX-License-Identifier: Apache-2.0
// The user's words, then launch::record_program, then words about the outcome on stderr.
#include "analyzer/cli/recording.h"

#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/last_run.h"

namespace gordian::cli {
namespace {

void tell_traces(const analysis::RunOutcome& outcome, const Terminal& terminal) {
  for (const std::string& refused : outcome.refused) {
    terminal.complain("not recorded: " + refused);
  }
  for (const analysis::RecordedTrace& trace : outcome.traces) {
    terminal.say(trace.path.empty() ? "discarded: " + std::to_string(trace.discarded) + " bytes"
                                    : "trace: " + trace.path);
    if (trace.was_killed) {
      terminal.complain("process " + std::to_string(trace.pid) + " hung and was killed (--hang-timeout)");
    }
    if (!trace.problem.empty()) {
      terminal.complain(trace.path + " is incomplete: " + trace.problem);
    }
    if (trace.still_running) {
      terminal.complain("process " + std::to_string(trace.pid) + " still runs; its trace ends here");
    }
  }
}

void tell_uninstrumented(const Terminal& terminal) {
  terminal.complain("nothing was instrumented, so there is nothing to analyse. Build the program with");
  terminal.complain(
      "  gordian-clang++ -g main.cc -o main        or        cmake -DCMAKE_CXX_COMPILER=gordian-clang++ ...");
  terminal.complain("or, if it was built so, let its environment keep GORDIAN_SOCKET");
}

// The program's argv. `gordian run make -- x`: the `--` is an argument of make.
Result<std::vector<std::string>> program_of(const Recording& recording, const Invocation& invocation) {
  std::vector<std::string> program = recording.program;
  if (!program.empty() && program.front().starts_with("-")) {
    return Error{ErrorKind::usage, program.front(), "there is no such option", "gordian run --help lists them"};
  }
  if (!program.empty() && invocation.has_dash) {
    program.emplace_back("--");
  }
  program.insert(program.end(), invocation.after_dash.begin(), invocation.after_dash.end());
  if (program.empty()) {
    return Error{ErrorKind::usage, "", "no program to run", "say: gordian run -- PROGRAM ARGUMENTS"};
  }
  return program;
}

}  // namespace

void add_recording(CLI::App& command, Recording& recording) {
  command
      .add_option("-o,--output", recording.options.output,
                  "the trace (default: PROG.PID.STARTTIME.gtrace in the current folder)")
      ->type_name("TRACE");
  command
      .add_option_function<double>(
          "--hang-timeout",
          [&recording](double seconds) {
            recording.options.hang_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
          },
          "kill a program that records nothing and uses no processor for so long, and tell what it waits for")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 1e6));
  command.add_flag("--every-access", recording.options.every_access,
                   "keep also the accesses that repeat an earlier one between the same two operations");
  command.add_flag("!--no-command", recording.options.record_command, "leave the command line out of the trace");
  command.prefix_command();
}

std::optional<analysis::RunOutcome> record(const Recording& recording, const Invocation& invocation, int& status) {
  const auto program = program_of(recording, invocation);
  if (!program) {
    invocation.terminal.complain(program.error());
    status = kOwnFailure;
    return std::nullopt;
  }
  auto outcome = analysis::record_program(recording.options, *program);
  if (!outcome) {
    invocation.terminal.complain(outcome.error());
    status = kOwnFailure;
    return std::nullopt;
  }
  if (outcome->start_error) {
    invocation.terminal.complain(*outcome->start_error);
    status = outcome->status;
    return std::nullopt;
  }
  std::vector<std::string> paths;
  for (const analysis::RecordedTrace& trace : outcome->traces) {
    paths.push_back(trace.path);
  }
  if (!recording.options.discard) {
    remember_last_run(paths);
  }
  tell_traces(*outcome, invocation.terminal);
  if (paths.empty() && outcome->refused.empty()) {
    tell_uninstrumented(invocation.terminal);
  }
  return std::move(*outcome);
}

}  // namespace gordian::cli
