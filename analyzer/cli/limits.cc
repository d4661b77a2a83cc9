// SPDX-License-Identifier: Apache-2.0
#include "analyzer/cli/limits.h"

#include <cstdint>

#include "analyzer/model/access_history.h"

namespace gordian::cli {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;
constexpr std::uint64_t kMostMs = ~std::uint64_t{0} / kNsPerMs;
constexpr std::uint64_t kBytesPerMiB = 1 << 20;
constexpr std::uint64_t kMostMiB = analysis::AccessHistory::kMostBudget / kBytesPerMiB;

}  // namespace

void add_limits(CLI::App& command, Invocation& invocation) {
  analysis::AnalyzeOptions& limits = invocation.analysis;
  command
      .add_option_function<std::uint64_t>(
          "--starvation-wait", [&limits](const std::uint64_t& ms) { limits.starvation.waited_ns = ms * kNsPerMs; },
          "starvation: somebody waited at least so long for a lock (default: 1000 ms) ...")
      ->check(CLI::Range(std::uint64_t{0}, kMostMs))
      ->type_name("MS");
  command
      .add_option("--starvation-bypasses", limits.starvation.bypasses,
                  "... while others, who asked later, got it at least so often (default: 100)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option("--livelock-rounds", limits.livelock_rounds,
                  "livelock: so many rounds in which all give up their locks and nobody gets on (default: 100)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option_function<std::uint64_t>(
          "--memory", [&limits](const std::uint64_t& mib) { limits.memory = mib * kBytesPerMiB; },
          "remember accesses in about so much memory; the report counts those that had no room (default: half of what "
          "there is)")
      ->check(CLI::Range(std::uint64_t{1}, kMostMiB))
      ->type_name("MIB");
}

}  // namespace gordian::cli
