// SPDX-License-Identifier: Apache-2.0
// FNV-1a over the words that identify a finding, each ended by a zero byte, sorted where their order is chance.
#include "analyzer/finding/finding_id.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string_view>
#include <tuple>

#include "analyzer/finding/phrases.h"

namespace gordian::analysis {
namespace {

// `table[3]` is `table[]` in another run.
std::string stable_name(const ObjectRef& object) {
  std::string name;
  bool inside = false;
  for (const char c : object.name) {
    inside = (inside || c == '[') && c != ']';
    if (!inside || c == '[') {
      name += c;
    }
  }
  return name;
}

std::string stable_words(const ActorRef& actor) {
  const Frame* frame = user_frame(actor.stack);
  std::string words = frame != nullptr ? frame->function : "";
  std::set<std::string> objects;
  for (const ObjectRef& object : actor.objects) {
    objects.insert(stable_name(object));
  }
  for (const std::string& object : objects) {
    words += '\1' + object;
  }
  return words;
}

std::uint32_t hash(const std::vector<std::string>& words) {
  std::uint64_t value = 0xcbf29ce484222325;
  const auto add = [&](unsigned char byte) { value = (value ^ byte) * 0x100000001b3; };
  for (const std::string& word : words) {
    std::for_each(word.begin(), word.end(), add);
    add(0);
  }
  return static_cast<std::uint32_t>(value ^ value >> 32);
}

std::string id_of(std::vector<std::string> words) {
  char text[16];
  std::snprintf(text, sizeof text, "G-%08x", hash(words));
  return text;
}

std::vector<std::string> identity(const Finding& finding) {
  std::set<std::string> actors;  // how many did the same is chance
  for (const ActorRef& actor : finding.actors) {
    actors.insert(stable_words(actor));
  }
  std::vector<std::string> words = {std::to_string(static_cast<int>(finding.kind)), stable_name(finding.object)};
  words.insert(words.end(), actors.begin(), actors.end());
  return words;
}

// What to begin with comes before what may follow from it.
auto sort_key(const Finding& finding) {
  std::vector<std::tuple<std::string, std::uint32_t, std::uint32_t>> places;
  for (const ActorRef& actor : finding.actors) {
    if (const Frame* frame = user_frame(actor.stack)) {
      places.emplace_back(frame->file, frame->line, frame->column);
    }
  }
  return std::tuple(finding.kind, !finding.follows.empty(), std::move(places), finding.object.name,
                    finding.object.address, finding.subkind);
}

}  // namespace

std::string finding_id(const Finding& finding) { return id_of(identity(finding)); }

void sort_and_name(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return sort_key(a) < sort_key(b); });
  std::set<std::string> used;
  for (Finding& finding : findings) {
    std::vector<std::string> words = identity(finding);
    finding.id = id_of(words);
    while (!used.insert(finding.id).second) {
      words.emplace_back("again");
      finding.id = id_of(words);
    }
  }
}

}  // namespace gordian::analysis
