// SPDX-License-Identifier: Apache-2.0
// What all parts of a text report share: how a place is written, whether colour is used, which source lines may be
// quoted.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/report.h"

namespace gordian::analysis::report {

class Page {
 public:
  explicit Page(const TextOptions& options) : options_(options) {}

  // "src/account.cc:57", relative to the base folder if it lies below it.
  [[nodiscard]] std::string place(const Frame& frame) const;
  // The source line without its indentation, cut between words to at most `most` characters with "..." at its end; ""
  // if it may not or cannot be quoted.
  static constexpr std::size_t kLongestQuote = 60;
  std::string quote(const Frame& frame, std::size_t most = kLongestQuote);

  [[nodiscard]] std::string headline(std::string_view text) const { return painted("1", text); }
  [[nodiscard]] std::string guilty(std::string_view text) const { return painted("1;31", text); }
  [[nodiscard]] std::string code(std::string_view text) const { return painted("36", text); }
  [[nodiscard]] std::string faint(std::string_view text) const { return painted("2", text); }

  [[nodiscard]] const TextOptions& options() const { return options_; }

 private:
  [[nodiscard]] std::string painted(const char* attributes, std::string_view text) const;
  const std::vector<std::string>& lines_of(const std::string& file);

  const TextOptions& options_;
  std::map<std::string, std::vector<std::string>> sources_;
};

// The text without what a terminal would obey: names come from the program under test. Line ends stay, and so do the
// colours if the page has any.
std::string harmless(const std::string& text, bool colors);

}  // namespace gordian::analysis::report
