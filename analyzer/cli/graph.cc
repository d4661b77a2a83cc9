// SPDX-License-Identifier: Apache-2.0
// gordian graph: findings as a picture (-o), or told as text. Which findings: one by its id, or all of a kind, or all.
#include <unistd.h>

#include <algorithm>
#include <span>

#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/limits.h"
#include "analyzer/cli/present.h"
#include "analyzer/cli/traces.h"
#include "analyzer/drawing/draw.h"
#include "analyzer/finding/phrases.h"

namespace gordian::cli {
namespace {

using analysis::Finding;
using analysis::FindingKind;
using analysis::report::Report;
namespace drawing = analysis::drawing;

constexpr auto kGraphHelp =
    "Draws who waits for whom, lock orders and races. Without -o the cycle is told as text, step by step.\n\n"
    "Exit status: 0 drawn, 1 nothing to draw, 2 usage, 3 the trace is unreadable.";

struct GraphOptions {
  std::string trace;
  std::string kind;
  std::string finding;
  std::string output;
  std::string theme = "auto";
  bool open = false;
};

bool is_of_kind(const Finding& finding, const std::string& kind) {
  switch (finding.kind) {
    case FindingKind::DataRace:
      return kind == "race";
    case FindingKind::LockOrderInversion:
      return kind == "lock-order";
    case FindingKind::Misuse:
    case FindingKind::Starvation:
    case FindingKind::Livelock:
      return false;
    default:
      return kind == "wait-for";
  }
}

// Indices into report.findings of what to draw; the complaint if nothing is.
Result<std::vector<std::size_t>> choose(const Report& report, const GraphOptions& options) {
  std::vector<std::size_t> chosen;
  if (!options.finding.empty()) {
    const Finding* finding = analysis::report::find(report, options.finding);
    if (finding == nullptr) {
      return Error{ErrorKind::usage, "--finding", "no single finding of this trace is called " + options.finding,
                   "gordian analyze lists them"};
    }
    chosen.push_back(static_cast<std::size_t>(finding - report.findings.data()));
    return chosen;
  }
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const bool is_drawn = !report.findings[i].graph.nodes.empty() || report.findings[i].kind == FindingKind::DataRace;
    if (is_drawn && (options.kind.empty() || is_of_kind(report.findings[i], options.kind))) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

int tell(const Report& report, const std::vector<std::size_t>& chosen, const Invocation& invocation) {
  std::string text;
  for (const std::size_t index : chosen) {
    const std::string tag = analysis::tag_of(report.findings, index);
    text += analysis::report::tell_graph(report.findings[index], tag, text_options(invocation, report));
  }
  if (text.empty()) {
    invocation.terminal.say("no finding has a graph");
    return kFound;
  }
  const auto written = write_result("", text);
  return written ? kNothingFound : kInternal;
}

drawing::Theme theme_of(const std::string& name) {
  return name == "dark" ? drawing::Theme::dark : name == "light" ? drawing::Theme::light : drawing::Theme::automatic;
}

Result<drawing::Drawing> draw(const Report& report, const std::vector<std::size_t>& chosen,
                              const drawing::DrawOptions& base) {
  if (chosen.size() == 1) {
    drawing::DrawOptions options = base;
    options.tag = analysis::tag_of(report.findings, chosen.front());
    return drawing::draw(report.findings[chosen.front()], options);
  }
  std::vector<Finding> findings;
  findings.reserve(chosen.size());
  for (const std::size_t index : chosen) {
    findings.push_back(report.findings[index]);
  }
  return drawing::draw(std::span<const Finding>(findings), base);
}

void open_viewer(const std::string& file, const Terminal& terminal) {
  execlp("xdg-open", "xdg-open", file.c_str(), static_cast<char*>(nullptr));
  terminal.complain("there is no xdg-open; open " + file + " yourself");
}

int draw_to_file(const Report& report, const std::vector<std::size_t>& chosen, const GraphOptions& options,
                 const Invocation& invocation) {
  drawing::DrawOptions draw_options;
  const auto format = drawing::format_of(options.output);
  if (!format) {
    invocation.terminal.complain("-o " + options.output + ": the name must end in .svg, .png, .pdf or .dot");
    return kUsage;
  }
  draw_options.format = *format;
  draw_options.theme = theme_of(options.theme);
  const auto drawn = draw(report, chosen, draw_options);
  if (!drawn) {
    invocation.terminal.complain(drawn.error());
    return drawn.error().kind == ErrorKind::usage ? kFound : kInternal;
  }
  if (!drawn->note.empty()) {
    invocation.terminal.complain(drawn->note);
  }
  if (const auto written = write_result(options.output, drawn->bytes); !written) {
    invocation.terminal.complain(written.error());
    return kInternal;
  }
  invocation.terminal.say("drawn: " + options.output);
  if (options.open) {
    open_viewer(options.output, invocation.terminal);
  }
  return kNothingFound;
}

int graph(const GraphOptions& options, const Invocation& invocation) {
  const auto report = analyze_trace(options.trace, invocation.analysis);
  if (!report) {
    invocation.terminal.complain(report.error());
    return status_of(report.error().kind);
  }
  const auto chosen = choose(*report, options);
  if (!chosen) {
    invocation.terminal.complain(chosen.error());
    return kUsage;
  }
  if (chosen->empty()) {
    invocation.terminal.say("nothing to draw: no such finding in " + options.trace);
    return kFound;
  }
  return options.output.empty() ? tell(*report, *chosen, invocation)
                                : draw_to_file(*report, *chosen, options, invocation);
}

}  // namespace

void add_graph(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<GraphOptions>();
  CLI::App* command = app.add_subcommand("graph", "draw who waits for whom");
  command->footer(kGraphHelp);
  add_limits(*command, invocation);
  command->add_option("TRACE", options->trace, "the trace")->required();
  command->add_option("--kind", options->kind, "only wait-for, lock-order or race")
      ->check(CLI::IsMember({"wait-for", "lock-order", "race"}));
  command
      ->add_option("--finding", options->finding, "only this one: an id (G-4f2a91c0, or how it begins) or D1, L1 ...")
      ->type_name("ID");
  command->add_option("-o,--output", options->output, "the picture: .svg, .png, .pdf or .dot")->type_name("FILE");
  command->add_option("--theme", options->theme, "auto, light or dark; an SVG follows the reader's setting by itself")
      ->check(CLI::IsMember({"auto", "light", "dark"}));
  command->add_flag("--open", options->open, "show the picture (needs -o)")->needs("-o");
  command->callback([=, &invocation] { invocation.action = [=, &invocation] { return graph(*options, invocation); }; });
}

}  // namespace gordian::cli
