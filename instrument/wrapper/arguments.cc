// SPDX-License-Identifier: Apache-2.0
#include "instrument/wrapper/arguments.h"

#include <algorithm>
#include <array>

namespace gordian::wrapper {
namespace {

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Options whose value is the next word, so that a value is never taken for an option or an input.
constexpr std::array<std::string_view, 31> kWithValue = {"-o",       "-x",           "-I",
                                                         "-L",       "-l",           "-D",
                                                         "-U",       "-T",           "-u",
                                                         "-z",       "-e",           "-MF",
                                                         "-MT",      "-MQ",          "-MJ",
                                                         "-include", "-imacros",     "-isystem",
                                                         "-iquote",  "-idirafter",   "-isysroot",
                                                         "-iprefix", "-iwithprefix", "-Xclang",
                                                         "-Xlinker", "-Xassembler",  "-Xpreprocessor",
                                                         "-mllvm",   "-target",      "-arch",
                                                         "--param"};

// Stop before the linker.
constexpr std::array<std::string_view, 11> kNoLink = {
    "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "--analyze", "-emit-ast", "--precompile", "-emit-llvm", "-r"};

constexpr std::array<std::string_view, 6> kHeaderEndings = {".h", ".hh", ".hpp", ".hxx", ".h++", ".H"};

// A header given as input is precompiled, and then nothing is linked. `language` is what -x said last.
bool is_header(std::string_view input, std::string_view language) {
  if (!language.empty() && language != "none") {
    return language.ends_with("-header");
  }
  return std::any_of(kHeaderEndings.begin(), kHeaderEndings.end(),
                     [&](std::string_view ending) { return input.ends_with(ending); });
}

struct Facts {
  bool asks_only = false;  // --version, -print-*, -dump*, -###: no input is needed
  bool has_input = false;
  bool links = true;
  bool has_debug = false;  // any -g option, -g0 included
};

bool is_question(std::string_view word) {
  return word.starts_with("-print-") || word.starts_with("--print-") || word.starts_with("-dump") ||
         word == "--version" || word == "--help" || word == "-help" || word.starts_with("--help-") ||
         word.starts_with("--autocomplete");
}

bool is_debug_option(std::string_view word) {
  if (!word.starts_with("-g")) {
    return false;
  }
  // These say how, not whether.
  return !word.starts_with("-gno-") && !word.starts_with("-gz") && !word.starts_with("-gcc") &&
         !word.starts_with("-gen-") && word != "-gsimple-template-names" && !word.starts_with("-gsplit-dwarf=");
}

Facts facts_of(const Words& words) {
  Facts facts;
  std::string_view language;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (is_one_of(word, kWithValue)) {
      facts.has_input |= word == "-l";
      ++i;
      language = word == "-x" && i < words.size() ? words[i] : language;
      continue;
    }
    if (word.starts_with("-x")) {
      language = word.substr(2);
    }
    const bool input = word == "-" || !word.starts_with("-");
    facts.asks_only |= is_question(word);
    facts.has_input |= input || word.starts_with("-l");
    facts.links &= !is_one_of(word, kNoLink) && !(input && is_header(word, language));
    facts.has_debug |= is_debug_option(word);
  }
  return facts;
}

// `-fsanitize=thread` is what Gordian stands for; other sanitizers of the list stay.
std::string without_thread(std::string_view option) {
  constexpr std::string_view kPrefix = "-fsanitize=";
  std::string kept;
  std::string_view list = option.substr(kPrefix.size());
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (one != "thread") {
      kept += (kept.empty() ? "" : ",") + std::string(one);
    }
  }
  return kept.empty() ? kept : std::string(kPrefix) + kept;
}

void add_users_words(Words& result, const Words& words) {
  for (const std::string& word : words) {
    const std::string kept = word.starts_with("-fsanitize=") ? without_thread(word) : word;
    if (!kept.empty() || word.empty()) {
      result.push_back(kept);
    }
  }
}

}  // namespace

Words command_line(const Paths& paths, const Words& words) {
  const Facts facts = facts_of(words);
  Words result{paths.compiler};
  // -fplugin makes the pass's own options known to -mllvm.
  // Whether a word is used depends on the inputs' kinds; clang alone knows them, so it is asked not to complain.
  result.insert(result.end(),
                {"--start-no-unused-arguments", "-fplugin=" + paths.plugin, "-fpass-plugin=" + paths.plugin, "-Xclang",
                 "-fsanitize=thread", "-D__GORDIAN__=1", "-pthread"});
  if (!paths.include_folder.empty()) {
    result.insert(result.end(), {"-isystem", paths.include_folder});
  }
  if (!facts.has_debug) {
    result.emplace_back("-g");
  }
  result.emplace_back("--end-no-unused-arguments");
  add_users_words(result, words);
  if (facts.links && facts.has_input && !facts.asks_only) {
    result.insert(result.end(), {"--start-no-unused-arguments", "-L" + paths.library_folder,
                                 "-Wl,-rpath," + paths.library_folder, "-lgordian_rt", "--end-no-unused-arguments"});
  }
  return result;
}

Words split_response(std::string_view text) {
  Words words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && quote != '\'') {
      word.push_back(text[++i]);
      open = true;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      open = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
      if (open) {
        words.push_back(std::move(word));
      }
      word.clear();
      open = false;
    } else {
      word.push_back(c);
      open = true;
    }
  }
  if (open) {
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace gordian::wrapper
