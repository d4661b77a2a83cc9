// SPDX-License-Identifier: Apache-2.0
// FNV-1a over the words that identify a finding, each ended by a zero byte, sorted where their order is chance.
#include "analyzer/finding/finding_id.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
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

// Of the words so far.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;

  void add(std::string_view word) {
    const auto add_byte = [&](unsigned char byte) { value = (value ^ byte) * 0x100000001b3; };
    std::for_each(word.begin(), word.end(), add_byte);
    add_byte(0);
  }
  [[nodiscard]] std::string id() const {
    char text[16];
    std::snprintf(text, sizeof text, "G-%08x", static_cast<std::uint32_t>(value ^ value >> 32));
    return text;
  }
};

Hash hash_of(const std::vector<std::string>& words) {
  Hash hash;
  std::for_each(words.begin(), words.end(), [&](const std::string& word) { hash.add(word); });
  return hash;
}

// Of those that several actors want it is chance which one stands for the finding: the actors name them all.
bool is_named_by_actors(const ObjectRef& object, const Finding& finding) {
  return std::any_of(finding.actors.begin(), finding.actors.end(), [&](const ActorRef& actor) {
    return std::any_of(actor.objects.begin(), actor.objects.end(),
                       [&](const ObjectRef& own) { return stable_name(own) == stable_name(object); });
  });
}

std::vector<std::string> identity(const Finding& finding) {
  std::set<std::string> actors;  // how many did the same is chance
  for (const ActorRef& actor : finding.actors) {
    actors.insert(stable_words(actor));
  }
  std::vector<std::string> words = {
      std::to_string(static_cast<int>(finding.kind)),
      is_named_by_actors(finding.object, finding) ? std::string() : stable_name(finding.object)};
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

std::string finding_id(const Finding& finding) { return hash_of(identity(finding)).id(); }

void sort_and_name(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return sort_key(a) < sort_key(b); });
  std::set<std::string> used;
  std::map<std::vector<std::string>, Hash> latest;  // of each identity: where the next one goes on
  for (Finding& finding : findings) {
    const std::vector<std::string> words = identity(finding);
    const auto [known, is_new] = latest.try_emplace(words);
    Hash& hash = known->second;
    if (is_new) {
      hash = hash_of(words);
    }
    while (!used.insert(hash.id()).second) {
      hash.add("again");
    }
    finding.id = hash.id();
  }
}

}  // namespace gordian::analysis
