// SPDX-License-Identifier: Apache-2.0
// What the findings of a trace look like to people (text, explain) and to machines (JSON). A report never decides: it
// words what the detectors found, and says what they could not see (losses, files without instrumentation, a trace that
// was cut short). Findings stay in the order in which they are given.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/contention.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis::report {

struct TraceFacts {
  std::string path;      // as the user names it; follow-up commands repeat it
  bool partial = false;  // the file ends without an end chunk: the program or the machine died
  std::uint64_t events = 0;
  std::uint64_t accesses = 0;
  std::uint64_t lost = 0;       // counted by the recorder, not in the file
  std::uint64_t unordered = 0;  // taken without their predecessor
  std::uint64_t left_out = 0;   // accesses whose places are in no table
  std::uint64_t goroutines = 0;
  std::uint64_t threads = 0;  // beside the goroutines
};

struct ProgramFacts {
  std::string path;
  std::string command;
  std::uint32_t pid = 0;
  std::uint64_t identity = 0;  // of its trace, for those of the processes that it started
  std::uint64_t parent = 0;    // identity of the trace of the process that forked or executed it, 0 = none
  bool is_forked = false;
  std::uint64_t started_ns = 0;  // realtime clock, since 1970; 0 = unknown
  std::optional<int> exit_status;
  std::optional<int> signal;
};

// Where the analysis stopped looking.
struct Limits {
  std::uint64_t races_uncounted = 0;  // between two places that race on very many objects
  bool lock_orders_complete = true;   // false: the search for circles of locks was cut short
};

struct Report {
  TraceFacts trace;
  ProgramFacts program;
  Limits limits;
  std::vector<Finding> findings;
  // Cut off by the end of the program: a note, not a finding. Role waits: for what another could still have done; any
  // other: runnable or asleep.
  std::vector<ActorRef> unfinished;
  std::vector<Contention> contention;       // of locks and channels that were waited for: figures, no findings
  std::vector<std::string> uninstrumented;  // objects and libraries whose accesses stay unseen
  std::vector<std::string> suppressed;      // ids of findings that a suppression hides
  std::vector<std::string> notes;           // anything else that people should know; lower case, no full stop
};

struct TextOptions {
  bool color = false;
  std::string base_folder;  // file names below it are shown relative to it; empty = as they are
  // Source lines are quoted only from files last changed before this time (realtime, ns): a later edit would put the
  // wrong line under a finding. 0 = never quote. Usually ProgramFacts::started_ns.
  std::uint64_t quote_sources_older_than_ns = 0;
  std::string program = "gordian";  // the command in follow-up lines
  bool summary = true;              // the closing lines
  bool contention = false;          // with the figures of locks and channels, of the ten longest waited for
};

// Every finding in under 15 lines, then the summary. "no findings" is said in so many words.
std::string text(const Report& report, const TextOptions& options);

// The closing lines alone: counts per certainty, notes, coverage, a cut-off trace.
std::string summary(const Report& report, const TextOptions& options);

// A table: for each lock and channel how often and how long it was waited for. At most `most` lines, then what is left
// out; "" if nothing was waited for.
std::string contention_table(const std::vector<Contention>& contention, std::size_t most);

// The document of `--format=json`, version 1; keys in a fixed order.
nlohmann::ordered_json json(const Report& report);

// One finding in full: every frame, every lock with its stack, the graph told step by step; of a race what each side
// did around its access, and what put the two in an order.
std::string explain(const Report& report, const Finding& finding, const TextOptions& options);

// The graph of a finding told as text, one numbered step a line: `[D1.3] g9 waits for mutex a at account.cc:57 (2.1
// s)`. `tag` is the finding's number in its report (finding/phrases.h: tag_of). A race has one step, the missing one.
// Without a graph: "".
std::string tell_graph(const Finding& finding, const std::string& tag, const TextOptions& options);

// The finding whose id is `id`, or a unique prefix of it with or without "G-", or its tag ("D1"); null if none or
// several.
const Finding* find(const Report& report, const std::string& id);

}  // namespace gordian::analysis::report
