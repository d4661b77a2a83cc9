// SPDX-License-Identifier: Apache-2.0
// Chooses formats and files; the words are report's.
#include "analyzer/cli/present.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analyzer/cli/traces.h"
#include "analyzer/finding/phrases.h"

namespace gordian::cli {
namespace {

using analysis::report::Report;
using analysis::report::TextOptions;

std::string origin_of(const Report& report, const std::vector<Report>& all) {
  const auto parent = std::find_if(all.begin(), all.end(), [&](const Report& other) {
    return report.program.parent != 0 && other.program.identity == report.program.parent;
  });
  if (parent == all.end()) {
    return "";
  }
  return (report.program.is_forked ? ", forked by " : ", started by ") + std::to_string(parent->program.pid);
}

std::string text_of(const std::vector<Report>& reports, const Invocation& invocation) {
  if (reports.size() == 1) {
    return analysis::report::text(reports.front(), text_options(invocation, reports.front()));
  }
  std::string text;
  for (const Report& report : reports) {
    if (report.findings.empty()) {
      continue;
    }
    TextOptions options = text_options(invocation, report);
    options.summary = false;
    text += "process " + std::to_string(report.program.pid) + origin_of(report, reports) + ", " + report.program.path +
            ", " + report.trace.path + "\n\n";
    text += analysis::report::text(report, options);
  }
  const Report all = merged(reports);
  return text + analysis::report::summary(all, text_options(invocation, all));
}

std::string file_for(const Presentation& presentation, const std::string& format) {
  if (presentation.output.empty() || presentation.formats.size() == 1) {
    return presentation.output;
  }
  const std::string extension = format == "text" ? ".txt" : "." + format;
  return std::filesystem::path(presentation.output).replace_extension(extension).string();
}

}  // namespace

void add_presentation(CLI::App& command, Presentation& presentation, const std::string& output_option) {
  command.add_option("--format", presentation.formats, "text, json, or both with a comma between")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"text", "json"}));
  command
      .add_option(output_option, presentation.output,
                  "write the report to FILE (several formats: each with its own extension)")
      ->type_name("FILE");
}

void add_fail_on(CLI::App& command, std::vector<std::string>& fail_on) {
  fail_on = {"observed", "predicted", "potential"};
  command
      .add_option("--fail-on", fail_on,
                  "certainties that make the exit status say so: observed,predicted,potential, or none (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"observed", "predicted", "potential", "none"}));
}

bool fails(const std::vector<Report>& reports, const std::vector<std::string>& fail_on) {
  for (const Report& report : reports) {
    for (const analysis::Finding& finding : report.findings) {
      if (std::find(fail_on.begin(), fail_on.end(), analysis::word_of(finding.certainty)) != fail_on.end()) {
        return true;
      }
    }
  }
  return false;
}

TextOptions text_options(const Invocation& invocation, const Report& report) {
  TextOptions options;
  options.color = invocation.terminal.colored();
  std::error_code error;
  options.base_folder = std::filesystem::current_path(error).string();
  options.quote_sources_older_than_ns = report.program.started_ns;
  options.program = invocation.self;
  options.contention = invocation.terminal.verbose;
  return options;
}

Result<void> present(const std::vector<Report>& reports, const Presentation& presentation,
                     const Invocation& invocation) {
  for (const std::string& format : presentation.formats) {
    const std::string bytes =
        format == "json" ? analysis::report::json(merged(reports)).dump(2) + "\n" : text_of(reports, invocation);
    const std::string file = file_for(presentation, format);
    if (auto written = write_result(file, bytes); !written) {
      return written;
    }
    if (!file.empty()) {
      invocation.terminal.say("report: " + file);
    }
  }
  return {};
}

}  // namespace gordian::cli
