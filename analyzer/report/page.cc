// SPDX-License-Identifier: Apache-2.0
// A source file is read once, and only if it is older than the program's start: after an edit its lines would lie.
#include "analyzer/report/page.h"

#include <sys/stat.h>

#include <cctype>
#include <fstream>
#include <utility>

#include "analyzer/finding/phrases.h"
#include "analyzer/finding/utf8.h"

namespace gordian::analysis::report {
namespace {

constexpr off_t kLargestSource = 16 << 20;
constexpr char kEscape = '\x1b';

bool is_quotable(const std::string& file, std::uint64_t older_than_ns) {
  struct stat facts{};
  if (stat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > kLargestSource) return false;
  const auto changed = static_cast<std::uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000 +
                       static_cast<std::uint64_t>(facts.st_mtim.tv_nsec);
  return changed <= older_than_ns;
}

// At most so many characters: whole words and "..."; a single long word is cut.
std::string shortened(std::string text, std::size_t most) {
  constexpr std::string_view kRest = "...";
  if (utf8_length(text) <= most) return text;
  if (most <= kRest.size()) return "";
  const std::size_t cut = utf8_offset(text, most - kRest.size());
  const std::size_t space = text.rfind(' ', cut);
  const std::size_t word_end = space == std::string::npos ? space : text.find_last_not_of(' ', space);
  text.resize(word_end == std::string::npos ? cut : word_end + 1);
  return text.append(kRest);
}

// Bytes of a colour sequence at the start of the text, ESC [ digits ; m; 0 if there is none.
std::size_t color_length(std::string_view text) {
  if (text.substr(0, 2) != "\x1b[") return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

}  // namespace

std::string Page::place(const Frame& frame) const {
  if (frame.file.empty()) return "unknown place";
  std::string_view file = frame.file;
  const std::string base = options_.base_folder + "/";
  if (!options_.base_folder.empty() && file.substr(0, base.size()) == base) file.remove_prefix(base.size());
  return std::string(file) + ":" + std::to_string(frame.line);
}

std::string Page::quote(const Frame& frame, std::size_t most) {
  if (options_.quote_sources_older_than_ns == 0 || frame.file.empty() || frame.line == 0) return "";
  const std::vector<std::string>& lines = lines_of(frame.file);
  if (frame.line > lines.size()) return "";
  const std::string line = utf8_repaired(lines[frame.line - 1]);
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  std::string text = line.substr(begin, line.find_last_not_of(' ') + 1 - begin);
  return shortened(std::move(text), most);
}

const std::vector<std::string>& Page::lines_of(const std::string& file) {
  const auto [known, fresh] = sources_.try_emplace(file);
  if (fresh && is_quotable(file, options_.quote_sources_older_than_ns)) {
    std::ifstream source(file);
    for (std::string line; std::getline(source, line);) known->second.push_back(line);
  }
  return known->second;
}

std::string Page::painted(const char* attributes, std::string_view text) const {
  if (!options_.color || text.empty()) return std::string(text);
  return std::string(1, kEscape) + "[" + attributes + "m" + std::string(text) + kEscape + "[0m";
}

std::string harmless(const std::string& text, bool colors) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t stop = rest.find_first_of("\n\x1b");
    out += utf8_repaired(rest.substr(0, stop));
    if (stop == std::string_view::npos) break;
    rest.remove_prefix(stop);
    const std::size_t color = colors ? color_length(rest) : 0;
    const std::size_t length = color != 0 ? color : 1;
    out += rest.front() == '\n' || color != 0 ? std::string(rest.substr(0, length)) : utf8_repaired(rest.substr(0, 1));
    rest.remove_prefix(length);
  }
  return out;
}

}  // namespace gordian::analysis::report
