// SPDX-License-Identifier: Apache-2.0
// The figures of locks and channels, one a line, in columns.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "analyzer/finding/phrases.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

namespace gordian::analysis::report {
namespace {

using Cells = std::array<std::string, 8>;

std::string at(const std::string& time, const Frame& place) {
  return place.file.empty() ? time : time + " " + place_of(place);
}

// A hold that no two known times lie in: nobody knows how long it was.
std::string hold_cell(const Contention& figures) {
  const std::string time = seconds(figures.longest_hold_ns);
  return time.empty() ? "-" : at(">= " + time, figures.longest_hold_at);
}

Cells cells_of(const Contention& figures) {
  const auto time = [](std::uint64_t ns) { return ns == 0 ? "-" : seconds(ns); };
  return {name_of(figures.object),
          grouped(figures.acquisitions),
          grouped(figures.waits),
          time(figures.waited_ns),
          at(time(figures.longest_wait_ns), figures.longest_wait_at),
          hold_cell(figures),
          grouped(figures.bypasses),
          grouped(figures.failed)};
}

std::string line_of(const Cells& cells, const std::array<std::size_t, 8>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += (i == 0 ? "" : "  ") + cells[i] + std::string(widths[i] - cells[i].size(), ' ');
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string contention_table(const std::vector<Contention>& contention, std::size_t most) {
  if (contention.empty()) return "";
  const std::size_t shown = std::min(most, contention.size());
  std::vector<Cells> rows{
      {"waited for", "served", "waits", "together", "longest wait", "longest hold", "bypasses", "failed"}};
  std::transform(contention.begin(), contention.begin() + static_cast<std::ptrdiff_t>(shown), std::back_inserter(rows),
                 cells_of);
  std::array<std::size_t, 8> widths{};
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Cells& row : rows) table += line_of(row, widths);
  if (shown < contention.size()) table += "... " + grouped(contention.size() - shown) + " more\n";
  return harmless(table, false);
}

}  // namespace gordian::analysis::report
