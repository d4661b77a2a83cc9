// SPDX-License-Identifier: Apache-2.0
// The words that the report and the drawing of a finding share, so that both say the same of the same thing: what an
// actor, an object, a place is called (edge_phrases.h: what an edge of a graph means). Lower case, no full stop, never
// empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

struct KindWords {
  std::string_view json_name;
  std::string_view headline;
  std::string_view letter;  // of its graph and step numbers
};
KindWords words_of(FindingKind kind);
std::string_view word_of(Certainty certainty);
std::string_view word_of(Role role);                  // "reads", "atomically writes"
std::string_view word_of(trace::ObjectKind kind);     // "mutex", "channel"
std::string_view word_of(ObjectClass object_class);   // "global variable", "heap memory"
std::string_view words_of(trace::WaitReason reason);  // "waits to receive from"
std::string_view go_text(trace::WaitReason reason);   // Go's: "chan receive"

// "D1" for the first deadlock of a report, "D2" for the second; the same finding has the same tag in text and drawing.
std::string tag_of(std::span<const Finding> findings, std::size_t index);
std::vector<std::string> tags_of(std::span<const Finding> findings);  // of all

// The innermost frame that is the user's own; the innermost at all if none is; null for an empty stack.
const Frame* user_frame(const Stack& stack);
// The outermost frame that is the user's own: what a goroutine runs.
const Frame* entry_frame(const Stack& stack);

// Of a race with the end of the memory: who ends it. Otherwise null.
const ActorRef* ender_of(const Finding& race);

bool is_main(const ActorRef& actor);
bool is_channel(const ObjectRef& object);
// What the actors are: "goroutine", "thread", "goroutine or thread". Main is either, after the others.
std::string_view actor_noun(const WaitGraph& graph);
std::string_view actor_noun(const Finding& finding);
std::string short_name(const ActorRef& actor);   // "main", "g7", "thread 3"
std::string function_of(const ActorRef& actor);  // its given name, else the function it runs
std::string name_of(const ActorRef& actor);      // "main", "g7 worker"
std::string name_of(
    const ObjectRef& object);  // "counter", "mutex Account::mu", "channel #5", "heap memory of 16 bytes"
std::string bare_name_of(const ObjectRef& object);  // the same without the kind: "Account::mu", "#5"

// The same as name_of; what has no name is said to be "channel #5 (first used at main.cc:12)".
std::string findable_name_of(const ObjectRef& object);
// "leaked goroutine"; "leaked thread" if it is about threads only.
std::string headline_of(const Finding& finding);

std::string_view base_name(std::string_view path);
std::string place_of(const Frame& frame);        // "account.cc:57", base name only; "unknown place"
std::string seconds(std::uint64_t nanoseconds);  // "2.1 s", "13 ms"; "" for 0
std::string grouped(std::uint64_t number);       // "2,900"

}  // namespace gordian::analysis
