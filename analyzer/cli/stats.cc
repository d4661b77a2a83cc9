// SPDX-License-Identifier: Apache-2.0
// Names of events come from events.def; a kind that never occurred is not listed.
#include "analyzer/cli/stats.h"

#include <algorithm>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "analyzer/ingest/stream_cursor.h"
#include "analyzer/ingest/symbols.h"

namespace gordian::cli {
namespace {

using analysis::StackCursor;
using analysis::StackTable;
using analysis::Symbols;
using trace::AccessRecord;
using trace::AnyEvent;
using trace::Family;

constexpr std::array<const char*, 5> kFamilyNames{"unknown", "sync", "access", "tables", "end"};

std::size_t index_of(Family family) {
  return std::min<std::size_t>(static_cast<std::size_t>(family), kFamilyNames.size() - 1);
}

const char* name_of(AccessRecord::Type type) {
  switch (type) {
    case AccessRecord::Type::marker:
      return "marker";
    case AccessRecord::Type::stack:
      return "stack";
    case AccessRecord::Type::range:
      return "range";
    case AccessRecord::Type::strided:
      return "strided";
    case AccessRecord::Type::matrix:
      return "matrix";
    case AccessRecord::Type::bitmap:
      return "bitmap";
    case AccessRecord::Type::access:
      return "access";
    case AccessRecord::Type::end:
      break;
  }
  return "end";
}

void count_event(const AnyEvent& event, TraceStats& stats) {
  std::visit(
      [&](const auto& one) {
        using Event = std::decay_t<decltype(one)>;
        if constexpr (!std::is_same_v<Event, std::monostate>) {
          ++stats.events[std::string(Event::kName)];
        }
        if constexpr (std::is_same_v<Event, trace::Switch>) {
          stats.actors.insert(one.actor);
        }
      },
      event);
}

Result<void> count_events(const trace::Chunk& chunk, TraceStats& stats) {
  trace::EventReader reader(chunk.payload, chunk.file_offset);
  while (true) {
    const auto event = reader.next();
    if (!event) {
      return event.error();
    }
    if (std::holds_alternative<std::monostate>(*event)) {
      return {};
    }
    count_event(*event, stats);
  }
}

// Of the records of the traces' functions: which are groups, and of how many.
struct Sites {
  Symbols symbols;
  StackTable stacks;
};

Result<void> count_accesses(const trace::Chunk& chunk, Sites& sites, TraceStats& stats) {
  std::vector<std::uint64_t> words(chunk.payload.size() / sizeof(std::uint64_t));
  std::memcpy(words.data(), chunk.payload.data(), words.size() * sizeof(std::uint64_t));
  trace::AccessReader reader(words, chunk.file_offset);
  StackCursor stack(sites.stacks);
  analysis::FunctionSites known;
  while (true) {
    const auto record = reader.next();
    if (!record) {
      return record.error();
    }
    if (record->type == AccessRecord::Type::end) {
      return {};
    }
    ++stats.access_records[name_of(record->type)];
    if (record->type == AccessRecord::Type::stack) {
      stack.apply(record->pop, record->push);
      known = sites.symbols.function_sites(sites.stacks.node(stack.stack()).function);
    } else if (record->type != AccessRecord::Type::marker && record->type != AccessRecord::Type::range) {
      const std::size_t members = known.group(record->site).size();
      stats.group_records += members != 0 ? 1 : 0;
      stats.grouped_accesses += members;
    }
  }
}

Result<void> count_payload(const trace::TraceFile& file, const trace::TraceFile::ChunkRef& ref, Sites& sites,
                           TraceStats& stats) {
  const Family family = ref.header.family;
  if (family != Family::sync && family != Family::access) {
    return {};
  }
  const auto chunk = file.read(ref);
  if (!chunk) {
    return chunk.error();
  }
  stats.streams.insert(ref.header.stream);
  return family == Family::sync ? count_events(*chunk, stats) : count_accesses(*chunk, sites, stats);
}

void add_counts(std::ostream& out, const char* heading, const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); });
  out << '\n' << heading << '\n';
  for (const auto& [name, count] : sorted) {
    out << "  " << std::left << std::setw(18) << name << std::right << std::setw(14) << count << '\n';
  }
}

}  // namespace

Result<TraceStats> collect_stats(const trace::TraceFile& file) {
  TraceStats stats;
  Sites sites;
  if (auto symbols = Symbols::read(file)) {
    sites.symbols = std::move(*symbols);
  }
  for (const auto& ref : file.chunks()) {
    FamilyStats& family = stats.families[index_of(ref.header.family)];
    ++family.chunks;
    family.stored_bytes += ref.header.stored_bytes;
    family.raw_bytes += ref.header.raw_bytes;
    if (auto counted = count_payload(file, ref, sites, stats); !counted) {
      return std::move(counted).error();
    }
  }
  return stats;
}

std::string text_of(const TraceStats& stats, const trace::TraceFile& file) {
  std::ostringstream out;
  out << "trace " << file.path() << "\nprogram " << file.program() << " (process " << file.header().pid << ")\n"
      << stats.streams.size() << " streams, " << stats.actors.size() << " goroutines and threads\n\n"
      << "family        chunks   bytes in file           bytes\n";
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    const FamilyStats& family = stats.families[i];
    if (family.chunks != 0) {
      out << std::left << std::setw(10) << kFamilyNames[i] << std::right << std::setw(10) << family.chunks
          << std::setw(16) << family.stored_bytes << std::setw(16) << family.raw_bytes << '\n';
    }
  }
  add_counts(out, "events", stats.events);
  add_counts(out, "access records", stats.access_records);
  if (stats.group_records != 0) {
    out << '\n'
        << stats.group_records << " of them are groups, of " << stats.grouped_accesses << " accesses or ranges\n";
  }
  return out.str();
}

}  // namespace gordian::cli
