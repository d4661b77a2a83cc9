// SPDX-License-Identifier: Apache-2.0
// One table or one small function per question; the words of enumerations come from their .def lists, so that a new
// entry cannot be left without words.
#include "analyzer/finding/phrases.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <map>

namespace gordian::analysis {
namespace {

using trace::ObjectKind;
using trace::WaitReason;

constexpr KindWords kKinds[] = {
#define GORDIAN_FINDING(Name, json_name, headline, letter) {json_name, headline, letter},
#include "analyzer/finding/findings.def"
#undef GORDIAN_FINDING
};

const Frame* first_user(auto begin, auto end) {
  const auto found = std::find_if(begin, end, [](const Frame& frame) { return !frame.internal; });
  return found == end ? nullptr : &*found;
}

void note_kind(const ActorRef& actor, bool& threads, bool& goroutines) {
  (actor.kind == ActorKind::thread ? threads : goroutines) |= !is_main(actor);
}

std::string_view noun_of(bool threads, bool goroutines) {
  return threads && goroutines ? "goroutine or thread" : threads ? "thread" : "goroutine";
}

std::string memory_words(const ObjectRef& object) {
  const std::string words(word_of(object.object_class));
  return object.size == 0 ? words : words + " of " + grouped(object.size) + (object.size == 1 ? " byte" : " bytes");
}

}  // namespace

std::string_view word_of(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::none:
      return "memory";
    case ObjectClass::global:
      return "global variable";
    case ObjectClass::heap:
      return "heap memory";
    case ObjectClass::stack:
      return "local variable";
    case ObjectClass::field:
      return "field";
    case ObjectClass::thread_local_variable:
      return "thread-local variable";
    case ObjectClass::sync:
      return "object";
  }
  return "";
}

KindWords words_of(FindingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string_view word_of(Certainty certainty) {
  constexpr std::string_view kWords[] = {"observed", "predicted", "potential"};
  return kWords[static_cast<std::size_t>(certainty)];
}

std::string_view word_of(Role role) {
  constexpr std::string_view kWords[] = {"reads",    "writes",    "atomically reads", "atomically writes",
                                         "frees",    "ends",      "requests",         "waits",
                                         "performs", "overtakes", "retries"};
  return kWords[static_cast<std::size_t>(role)];
}

std::string_view word_of(ObjectKind kind) {
  switch (kind) {
#define GORDIAN_OBJECT_KIND(number, name, word) \
  case ObjectKind::name:                        \
    return word;
#include "runtime/trace/object_kinds.def"
#undef GORDIAN_OBJECT_KIND
    case ObjectKind::none:
      break;
  }
  return "object";
}

std::string_view words_of(WaitReason reason) {
  switch (reason) {
#define GORDIAN_WAIT_REASON(number, name, text, words) \
  case WaitReason::name:                               \
    return words;
#include "runtime/trace/wait_reasons.def"
#undef GORDIAN_WAIT_REASON
    case WaitReason::none:
      break;
  }
  return "waits for";
}

std::string_view go_text(WaitReason reason) {
  switch (reason) {
#define GORDIAN_WAIT_REASON(number, name, text, words) \
  case WaitReason::name:                               \
    return text;
#include "runtime/trace/wait_reasons.def"
#undef GORDIAN_WAIT_REASON
    case WaitReason::none:
      break;
  }
  return "waiting";
}

std::string tag_of(std::span<const Finding> findings, std::size_t index) {
  const auto same = [kind = findings[index].kind](const Finding& finding) { return finding.kind == kind; };
  const auto number = std::count_if(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(index) + 1, same);
  return std::string(words_of(findings[index].kind).letter) + std::to_string(number);
}

std::vector<std::string> tags_of(std::span<const Finding> findings) {
  std::map<FindingKind, std::uint64_t> numbers;
  std::vector<std::string> tags;
  for (const Finding& finding : findings) {
    tags.push_back(std::string(words_of(finding.kind).letter) + std::to_string(++numbers[finding.kind]));
  }
  return tags;
}

const Frame* user_frame(const Stack& stack) {
  const Frame* own = first_user(stack.begin(), stack.end());
  return own != nullptr || stack.empty() ? own : &stack.front();
}

const Frame* entry_frame(const Stack& stack) {
  const Frame* own = first_user(stack.rbegin(), stack.rend());
  return own != nullptr || stack.empty() ? own : &stack.back();
}

const ActorRef* ender_of(const Finding& race) {
  const auto ender = std::find_if(race.actors.begin(), race.actors.end(), [](const ActorRef& actor) {
    return actor.role == Role::frees || actor.role == Role::ends;
  });
  return ender == race.actors.end() ? nullptr : &*ender;
}

bool is_main(const ActorRef& actor) { return actor.id == ActorId{1}; }

bool is_channel(const ObjectRef& object) { return object.sync_kind == ObjectKind::channel; }

const Hold* hold_of(const ActorRef& actor, ObjectId lock) {
  const auto found =
      std::find_if(actor.holds.begin(), actor.holds.end(), [lock](const Hold& hold) { return hold.object.id == lock; });
  return found == actor.holds.end() ? nullptr : &*found;
}

std::string short_name(const ActorRef& actor) {
  if (is_main(actor)) return "main";
  return (actor.kind == ActorKind::thread ? "thread " : "g") + std::to_string(actor.id.value);
}

std::string function_of(const ActorRef& actor) {
  if (!actor.name.empty()) return actor.name;
  const Frame* entry = entry_frame(actor.stack);
  if (entry != nullptr && !entry->function.empty()) return entry->function;
  return is_main(actor) ? "main" : "unknown function";
}

std::string name_of(const ActorRef& actor) {
  const std::string function = function_of(actor);
  return function == "unknown function" || function == short_name(actor) ? short_name(actor)
                                                                         : short_name(actor) + " " + function;
}

std::string bare_name_of(const ObjectRef& object) {
  if (object.shares_name) return object.name + " #" + std::to_string(object.id.value);
  if (!object.name.empty()) return object.name;
  if (object.object_class != ObjectClass::sync) return memory_words(object);
  return object.id ? "#" + std::to_string(object.id.value) : "nil";
}

std::string name_of(const ObjectRef& object) {
  if (object.object_class != ObjectClass::sync) return bare_name_of(object);
  if (is_channel(object) && !object.id) return "nil channel";
  return std::string(word_of(object.sync_kind)) + " " + bare_name_of(object);
}

std::string findable_name_of(const ObjectRef& object) {
  const Frame* first = user_frame(object.created);
  const bool lost = object.object_class == ObjectClass::sync && object.id && object.name.empty() && first != nullptr;
  return lost ? name_of(object) + " (first used at " + place_of(*first) + ")" : name_of(object);
}

std::string headline_of(const Finding& finding) {
  constexpr std::string_view kGoroutine = "goroutine";
  std::string words(words_of(finding.kind).headline);
  const std::size_t at = words.find(kGoroutine);
  const std::string_view noun = actor_noun(finding);
  return at == std::string::npos || noun != "thread" ? words : words.replace(at, kGoroutine.size(), noun);
}

// Said of every edge, so of the first thousand nodes: a damaged trace can make as many of both as it has bytes.
std::string_view actor_noun(const WaitGraph& graph) {
  bool threads = false;
  bool goroutines = false;
  for (const GraphNode& node : std::span(graph.nodes).first(std::min<std::size_t>(graph.nodes.size(), 1000))) {
    if (node.kind == NodeKind::actor) note_kind(node.actor, threads, goroutines);
  }
  return noun_of(threads, goroutines);
}

std::string_view actor_noun(const Finding& finding) {
  bool threads = false;
  bool goroutines = false;
  for (const ActorRef& actor : finding.actors) note_kind(actor, threads, goroutines);
  return noun_of(threads, goroutines);
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string place_of(const Frame& frame) {
  if (frame.file.empty()) return "unknown place";
  return std::string(base_name(frame.file)) + ":" + std::to_string(frame.line);
}

std::string seconds(std::uint64_t nanoseconds) {
  if (nanoseconds == 0) return "";
  char text[32];
  const double value = static_cast<double>(nanoseconds);
  if (value < 1e6) {
    std::snprintf(text, sizeof(text), "%.0f us", value / 1e3);
  } else if (value < 1e9) {
    std::snprintf(text, sizeof(text), "%.0f ms", value / 1e6);
  } else {
    std::snprintf(text, sizeof(text), "%.1f s", value / 1e9);
  }
  return text;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

}  // namespace gordian::analysis
