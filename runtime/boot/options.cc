// SPDX-License-Identifier: Apache-2.0
#include "runtime/boot/options.h"

#include <charconv>

namespace gordian::rt::boot {

namespace {

constexpr std::string_view kSeparators = " ,:\n\t\r";

// Takes one `key`, `key=value` or `key="value"` off the front of the text.
struct Pair {
  std::string_view key;
  std::string_view value;
};

Pair take_pair(std::string_view& text) noexcept {
  const std::size_t key_end = text.find_first_of("= ,:\n\t\r");
  Pair pair{text.substr(0, key_end), ""};
  if (key_end == text.npos || text[key_end] != '=') {
    text.remove_prefix(pair.key.size());
    return pair;
  }
  text.remove_prefix(key_end + 1);
  const bool quoted = !text.empty() && (text[0] == '"' || text[0] == '\'');
  const std::size_t begin = quoted ? 1 : 0;
  std::size_t end = quoted ? text.find(text[0], 1) : text.find_first_of(kSeparators);
  end = end == text.npos ? text.size() : end;
  pair.value = text.substr(begin, end - begin);
  text.remove_prefix(quoted && end < text.size() ? end + 1 : end);
  return pair;
}

bool is_true(std::string_view value) noexcept {
  return value.empty() || value == "1" || value == "true" || value == "yes" || value == "on";
}

void apply(Options& options, const Pair& pair) noexcept {
  if (pair.key == "record") {
    options.record = is_true(pair.value);
  } else if (pair.key == "report") {
    options.report = is_true(pair.value);
  } else if (pair.key == "output") {
    options.output = pair.value;
  } else if (pair.key == "ring_mb") {
    std::from_chars(pair.value.data(), pair.value.data() + pair.value.size(), options.ring_mb);
  }
}

}  // namespace

Options parse_options(std::string_view text) noexcept {
  Options options;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kSeparators);
    if (begin == text.npos) {
      return options;
    }
    text.remove_prefix(begin);
    apply(options, take_pair(text));
    if (!text.empty() && text[0] == '=') {
      text.remove_prefix(1);  // "=value" without a key: skip it
    }
  }
}

}  // namespace gordian::rt::boot
