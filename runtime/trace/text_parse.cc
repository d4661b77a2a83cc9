// SPDX-License-Identifier: Apache-2.0
// Reads the text twin, line by line: a word, then name=value pairs in any order; a pair that is not there is zero or
// empty.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <system_error>

#include "runtime/trace/builder.h"
#include "runtime/trace/text.h"

namespace gordian::trace {
namespace {

// One line in its parts. The first that does not fit is remembered.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {
    word_ = next_word();
    for (skip_space(); !rest_.empty() && ok_; skip_space()) {
      const std::size_t equals = rest_.find_first_of("= ");
      if (equals == std::string_view::npos || rest_[equals] == ' ' || rest_.front() == '"') {
        values_.push_back(take_value());
        continue;
      }
      const std::string_view key = rest_.substr(0, equals);
      rest_.remove_prefix(equals + 1);
      pairs_[key] = take_value();
    }
  }

  [[nodiscard]] std::string_view word() const { return word_; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string value(std::size_t index) const { return index < values_.size() ? values_[index] : ""; }

  std::uint64_t number(std::string_view key) { return parse(text(key)); }
  std::uint64_t number(std::size_t index) { return parse(value(index)); }
  std::int64_t signed_number(std::string_view key) {
    const std::string word = text(key);
    const bool is_negative = word.starts_with('-');
    const std::uint64_t size = parse(word.substr(is_negative ? 1 : 0));
    return static_cast<std::int64_t>(is_negative ? 0 - size : size);
  }
  [[nodiscard]] std::string text(std::string_view key) const {
    const auto found = pairs_.find(key);
    return found == pairs_.end() ? "" : found->second;
  }
  // [1 2 3] or, for stacks, [0:1 3:2].
  std::vector<std::uint64_t> list(std::string_view key) {
    std::vector<std::uint64_t> values;
    const std::string all = text(key);
    for (std::size_t at = all.find_first_not_of("[ ]"); at != std::string::npos; at = all.find_first_not_of(" ]", at)) {
      const std::size_t end = all.find_first_of(" ]", at);
      const std::string element = all.substr(at, end - at);
      const std::size_t colon = element.find(':');
      values.push_back(colon == std::string::npos
                           ? parse(element)
                           : parse(element.substr(0, colon)) << 32 | parse(element.substr(colon + 1)));
      at = end;
      if (at == std::string::npos) {
        break;
      }
    }
    return values;
  }

 private:
  void skip_space() {
    const std::size_t first = rest_.find_first_not_of(' ');
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }
  std::string_view next_word() {
    skip_space();
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }
  std::string take_value() {
    if (rest_.starts_with('"')) {
      return take_quoted();
    }
    const std::size_t end = rest_.starts_with('[') ? rest_.find(']') : rest_.find(' ');
    if (rest_.starts_with('[') && end == std::string_view::npos) {
      ok_ = false;
    }
    std::string value(rest_.substr(0, rest_.starts_with('[') && end != std::string_view::npos ? end + 1 : end));
    rest_.remove_prefix(value.size());
    return value;
  }
  std::string take_quoted() {
    std::string value;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] != '\\') {
        value += rest_[at];
      } else if (++at < rest_.size() && rest_[at] == 'x' && at + 2 < rest_.size()) {
        value += static_cast<char>(parse("0x" + std::string(rest_.substr(at + 1, 2))));
        at += 2;
      } else if (at < rest_.size()) {
        value += rest_[at];
      }
    }
    ok_ = ok_ && at < rest_.size();
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return value;
  }
  std::uint64_t parse(std::string_view word) {
    if (word.empty()) {
      return 0;
    }
    if (word == "all") {
      return kPopAll;
    }
    if (word == "timer") {
      return kTimerActor;
    }
    const bool is_hex = word.starts_with("0x");
    word.remove_prefix(is_hex ? 2 : 0);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, is_hex ? 16 : 10);
    ok_ = ok_ && error == std::errc() && end == word.data() + word.size();
    return value;
  }

  std::string_view rest_;
  std::string_view word_;
  std::map<std::string_view, std::string> pairs_;
  std::vector<std::string> values_;
  bool ok_ = true;
};

// Fills an event's fields; lists and texts live in the visitor.
struct FieldParser {
  Line& line;
  std::vector<std::uint64_t> words{};
  std::string characters{};
  void site(const char* name, std::uint64_t& value) { value = line.number(name); }
  void number(const char* name, std::uint64_t& value) { value = line.number(name); }
  void signed_number(const char* name, std::int64_t& value) { value = line.signed_number(name); }
  void list(const char* name, std::span<const std::uint64_t>& value) { value = words = line.list(name); }
  void text(const char* name, std::string_view& value) { value = characters = line.text(name); }
};

class Parser {
 public:
  // False if the line says nothing that a trace can contain.
  bool take(Line& line);
  [[nodiscard]] std::vector<std::uint8_t> bytes() {
    flush_table();
    return trace_.bytes();
  }
  Parser() { trace_.no_end(); }

 private:
  std::uint32_t short_number(Line& line, std::string_view key) { return static_cast<std::uint32_t>(line.number(key)); }
  bool take_header(Line& line);
  bool take_table(Line& line);
  bool take_chunk(Line& line);
  bool take_event(Line& line);
  bool take_record(Line& line);
  void flush_table() {
    if (table_) {
      trace_.add_table(*table_);
      table_.reset();
    }
  }
  template <class Event>
  void put(Line& line) {
    Event event;
    FieldParser parser{line};
    visit_fields(event, parser);
    std::vector<std::uint8_t>& out = trace_.payload(chunk_);
    const std::size_t size = out.size();
    out.resize(size + encoded_bound(event));
    out.resize(static_cast<std::size_t>(encode(out.data() + size, event) - out.data()));
  }
  void put_words(std::span<const std::uint64_t> words) {
    std::vector<std::uint8_t>& out = trace_.payload(chunk_);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
    out.insert(out.end(), bytes, bytes + words.size_bytes());
  }
  void put_words(std::initializer_list<std::uint64_t> words) { put_words(std::span(words.begin(), words.size())); }

  TraceBuilder trace_;
  std::optional<UnitTable> table_;
  Family family_ = Family::none;
  std::size_t chunk_ = 0;
};

bool Parser::take_header(Line& line) {
  FileHeader& header = trace_.header();
  if (line.word() == "gordian-trace") {
    return line.number(0) == kFileVersion;
  }
  if (line.word() == "header") {
    header.pid = short_number(line, "pid");
    header.start_realtime_ns = line.number("realtime");
    header.start_monotonic_ns = line.number("monotonic");
    header.start_cycles = line.number("cycles");
    header.parent_trace = line.number("parent");
    header.parent_fork = static_cast<std::uint32_t>(line.number("fork"));
  } else if (line.word() == "options") {
    header.options = line.number(0);
  } else if (line.word() == "program") {
    trace_.program(line.value(0));
  } else if (line.word() == "command") {
    trace_.command(line.value(0));
  } else if (line.word() == "end") {
    FileEnd end;
    end.kind = line.value(0) == "exited"     ? EndKind::exited
               : line.value(0) == "signaled" ? EndKind::signaled
                                             : EndKind::unknown;
    end.status = static_cast<std::int32_t>(line.signed_number("status"));
    end.lost_sync = line.number("lost-sync");
    end.lost_access = line.number("lost-access");
    trace_.end(end);
  } else {
    return false;
  }
  return true;
}

bool Parser::take_table(Line& line) {
  if (line.word() == "table") {
    flush_table();
    table_.emplace();
    table_->function_base = short_number(line, "base");
    table_->module_base = line.number("module");
    table_->module_path = line.text("path");
    return true;
  }
  if (!table_) {
    return false;
  }
  UnitTable& table = *table_;
  const auto text = [&](std::string_view key) { return table.add_text(line.text(key)); };
  const auto number = [&](std::string_view key) { return short_number(line, key); };
  if (line.word() == "location") {
    table.locations.push_back({text("function"), text("file"), number("line"), number("column"), number("inlined")});
  } else if (line.word() == "function") {
    table.functions.push_back({text("linkage"), number("location"), number("first-site"), number("sites"),
                               number("first-call"), number("calls"), number("first-group"), number("groups")});
  } else if (line.word() == "site") {
    table.sites.push_back({number("location"), text("name"), number("size"), static_cast<AccessKind>(number("kind")),
                           static_cast<NameKind>(number("name-kind")),
                           static_cast<std::int16_t>(line.signed_number("covered-by"))});
  } else if (line.word() == "call") {
    table.calls.push_back({number("location"), text("callee"), text("object")});
  } else if (line.word() == "global") {
    table.globals.push_back({text("name"), number("location"), number("size"), number("element"),
                             number("first-member"), number("members")});
    table.global_addresses.push_back(line.number("address"));
  } else if (line.word() == "member") {
    table.members.push_back({text("name"), number("offset"), number("size"), number("element"), number("inner")});
  } else if (line.word() == "group") {
    table.groups.push_back({number("first-member"), number("members")});
  } else if (line.word() == "group-member") {
    table.group_members.push_back({number("site"), static_cast<std::int32_t>(line.signed_number("offset"))});
  } else {
    return false;
  }
  return true;
}

bool Parser::take_chunk(Line& line) {
  flush_table();
  const std::string family = line.value(0);
  family_ = family == "sync" ? Family::sync : family == "access" ? Family::access : Family::none;
  FileChunk header;
  header.family = family_;
  header.stream = short_number(line, "stream");
  header.sequence = line.number("sequence");
  header.actor = line.number("actor");
  header.first_ordinal = line.number("ordinal");
  header.cycles = line.number("cycles");
  header.monotonic_ns = line.number("ns");
  chunk_ = trace_.add_chunk(header, {});
  return family_ != Family::none;
}

bool Parser::take_event(Line& line) {
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  if (line.word() == text) {                                \
    put<Type>(line);                                        \
    return true;                                            \
  }
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
  return false;
}

bool Parser::take_record(Line& line) {
  const std::uint64_t site = line.number("site");
  const std::uint64_t address = line.number("address");
  if (line.word() == "marker") {
    put_words({control_word(ControlType::marker, line.number(0))});
  } else if (line.word() == "stack") {
    const std::vector<std::uint64_t> push = line.list("push");
    put_words({stack_word(line.number("pop"), push.size())});
    put_words(push);
  } else if (line.word() == "access" && site <= kMaxPlainSite) {
    put_words({access_word(site, address)});
  } else if (line.word() == "access") {
    put_words({control_word(ControlType::wide, site), address});
  } else if (line.word() == "range") {
    put_words({control_word(ControlType::range, site), address, line.number("bytes")});
  } else if (line.word() == "strided") {
    put_words({control_word(ControlType::strided, site), address, line.number("count"),
               static_cast<std::uint64_t>(line.signed_number("stride"))});
  } else if (line.word() == "matrix") {
    put_words({control_word(ControlType::matrix, site), address, line.number("count"),
               static_cast<std::uint64_t>(line.signed_number("stride")), line.number("rows"),
               static_cast<std::uint64_t>(line.signed_number("row_stride"))});
  } else if (line.word() == "bitmap" && site <= kMaxPlainSite && line.number("shift") <= kMostBitmapShift) {
    const std::vector<std::uint64_t> bits = line.list("bits");
    const std::uint64_t of = line.number("ranges") != 0 ? kBitmapOfRanges : 0;
    put_words({bitmap_word(site | of, static_cast<unsigned>(line.number("shift")), bits.size()), address});
    put_words(bits);
  } else {
    return false;
  }
  return true;
}

bool Parser::take(Line& line) {
  if (line.word() == "chunk") {
    return take_chunk(line);
  }
  if (line.word() == "end" || family_ == Family::none) {
    return take_header(line) || take_table(line);
  }
  return family_ == Family::sync ? take_event(line) : take_record(line);
}

}  // namespace

Result<std::vector<std::uint8_t>> from_text(std::string_view text, const std::string& name) {
  Parser parser;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(row.size() + 1, text.size()));
    ++number;
    const std::size_t first = row.find_first_not_of(' ');
    if (first == std::string_view::npos || row[first] == '#') {
      continue;
    }
    Line line(row);
    if (!parser.take(line) || !line.ok()) {
      return Error{ErrorKind::corrupt, name + ":" + std::to_string(number),
                   "not a line of a text trace: " + std::string(row), "FORMAT.md shows the text twin"};
    }
  }
  return parser.bytes();
}

}  // namespace gordian::trace
