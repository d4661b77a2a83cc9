// SPDX-License-Identifier: Apache-2.0
// gordian trace: looks into a trace without analysing it. dump writes the text twin, stats counts, validate names the
// first broken rule, pack writes it anew in less room.
#include <filesystem>
#include <iostream>

#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/stats.h"
#include "analyzer/detect/analyze.h"
#include "analyzer/launch/repack.h"
#include "analyzer/report/report.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"

namespace gordian::cli {
namespace {

using Look = std::function<int(const trace::TraceFile& file)>;

int complain(const Error& error, const Invocation& invocation) {
  invocation.terminal.complain(error);
  return status_of(error.kind);
}

int stats(const trace::TraceFile& file, const Invocation& invocation) {
  const auto counted = collect_stats(file);
  if (!counted) {
    return complain(counted.error(), invocation);
  }
  const auto waits = analysis::contention_of(file);
  if (!waits) {
    return complain(waits.error(), invocation);
  }
  constexpr std::size_t kMostLines = 30;
  const std::string table = analysis::report::contention_table(*waits, kMostLines);
  const std::string text = text_of(*counted, file) + (table.empty() ? "" : "\n" + table);
  return write_result("", text) ? kNothingFound : kInternal;
}

int validate(const trace::TraceFile& file, const Invocation& invocation) {
  if (file.truncated()) {
    return complain(*file.truncated(), invocation);
  }
  const auto violation = trace::validate(file);
  if (!violation) {
    return complain(violation.error(), invocation);
  }
  if (!*violation) {
    return write_result("", file.path() + ": every rule holds\n") ? kNothingFound : kInternal;
  }
  const std::string rule(trace::rule_text((*violation)->rule));
  const std::string line =
      file.path() + ":" + std::to_string((*violation)->offset) + ": " + rule + ": " + (*violation)->what + "\n";
  return write_result("", line) ? kFound : kInternal;
}

int dump(const trace::TraceFile& file, bool canonical, const Invocation& invocation) {
  const auto written = trace::to_text(file, std::cout, {canonical});
  if (!written) {
    return complain(written.error(), invocation);
  }
  std::cout.flush();
  return std::cout ? kNothingFound : kInternal;
}

// out.gtrace becomes out.packed.gtrace.
std::string packed_path(const std::string& path) {
  return std::filesystem::path(path).replace_extension(".packed.gtrace").string();
}

int pack(const trace::TraceFile& file, const std::string& wanted, const Invocation& invocation) {
  const std::string output = wanted.empty() ? packed_path(file.path()) : wanted;
  std::error_code none;
  if (std::filesystem::equivalent(file.path(), output, none)) {
    return complain({ErrorKind::usage, output, "is the trace itself", "name another file with -o"}, invocation);
  }
  const std::uint64_t before = std::filesystem::file_size(file.path(), none);
  const Result<std::uint64_t> bytes = analysis::repack(file, output);
  if (!bytes) {
    return complain(bytes.error(), invocation);
  }
  const std::string line = output + ": " + std::to_string(*bytes) + " bytes, " + std::to_string(before) + " before\n";
  if (!write_result("", line)) {
    return kInternal;
  }
  return file.truncated() ? complain(*file.truncated(), invocation) : kNothingFound;
}

// A subcommand of `gordian trace` with one TRACE.
CLI::App* add_look(CLI::App& trace, Invocation& invocation, const char* name, const char* description,
                   const Look& look) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = trace.add_subcommand(name, description);
  command->add_option("TRACE", *path, "the trace")->required();
  command->fallthrough();  // -q and --color may stand behind as well
  command->callback([=, &invocation] {
    invocation.action = [=, &invocation] {
      const auto file = trace::TraceFile::open(*path);
      return file ? look(*file) : complain(file.error(), invocation);
    };
  });
  return command;
}

}  // namespace

void add_trace(CLI::App& app, Invocation& invocation) {
  CLI::App* trace = app.add_subcommand("trace", "look into a trace: stats, validate, dump, pack");
  trace->require_subcommand(1);
  trace->footer("Exit status: 0, 1 a rule is broken (validate), 2 usage, 3 the trace is unreadable.");
  add_look(*trace, invocation, "stats",
           "count chunks, events and access records; how long each lock and channel was waited for",
           [&invocation](const trace::TraceFile& file) { return stats(file, invocation); });
  add_look(*trace, invocation, "validate", "name the first rule of the format that is broken, with its byte offset",
           [&invocation](const trace::TraceFile& file) { return validate(file, invocation); });
  auto canonical = std::make_shared<bool>(false);
  CLI::App* text = add_look(*trace, invocation, "dump", "write the trace as text",
                            [=, &invocation](const auto& file) { return dump(file, *canonical, invocation); });
  text->add_flag("--canonical", *canonical, "ordinals instead of addresses, no pids, no clocks: to compare two runs");
  auto output = std::make_shared<std::string>();
  CLI::App* packing = add_look(*trace, invocation, "pack", "write the trace anew in as little room as it can take",
                               [=, &invocation](const auto& file) { return pack(file, *output, invocation); });
  packing->add_option("-o,--output", *output, "where to (default: NAME.packed.gtrace beside the trace)");
}

}  // namespace gordian::cli
