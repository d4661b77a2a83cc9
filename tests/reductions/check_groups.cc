// SPDX-License-Identifier: Apache-2.0
// check_groups TRACE BASE TRACE BASE: two builds of one program of one goroutine, one with all accesses one by one, one
// with those of one base together. Has each segment the same accesses, each as often: function, site, kind, size,
// count, stride, rows, and address relative to BASE? Prints how many records there are of each; status 1 if they
// differ.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <tuple>
#include <vector>

#include "analyzer/ingest/merge.h"
#include "runtime/trace/decode.h"

namespace gordian {
namespace {

using namespace analysis;  // NOLINT: a test's main program

constexpr std::uint64_t kArena = 4096;  // bytes; what is touched elsewhere lies elsewhere in each run
constexpr std::uint64_t kElsewhere = ~std::uint64_t{0};

// Function, site, kind, address, size, count, stride, rows, their distance.
using What = std::tuple<std::uint32_t, std::uint32_t, trace::AccessKind, std::uint64_t, std::uint64_t, std::uint64_t,
                        std::int64_t, std::uint64_t, std::int64_t>;

class Collector : public Observer {
 public:
  Collector(const StackTable& stacks, std::uint64_t base) : stacks_(stacks), base_(base) {}
  void step(const Step&) override { segments.emplace_back(); }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override {
    const std::uint64_t inside = access.address - base_;
    ++segments.back()[{stacks_.node(access.place.stack).function.value, access.place.site, access.kind,
                       inside < kArena ? inside : kElsewhere, access.size, access.count, access.stride, access.rows,
                       access.row_stride}];
  }
  std::vector<std::map<What, std::uint64_t>> segments{1};
  std::uint64_t records = 0;

 private:
  const StackTable& stacks_;
  std::uint64_t base_;
};

[[noreturn]] void give_up(const char* path, const Error& error) {
  std::fprintf(stderr, "%s: %s\n", path, error.what.c_str());
  std::exit(2);
}

std::uint64_t count_records(const trace::TraceFile& file) {
  using Type = trace::AccessRecord::Type;
  std::uint64_t records = 0;
  for (const trace::TraceFile::ChunkRef& ref : file.chunks()) {
    if (ref.header.family != trace::Family::access) {
      continue;
    }
    const trace::Chunk chunk = std::move(*file.read(ref));
    trace::AccessReader reader(chunk.words(), chunk.payload_offset());
    for (auto record = reader.next(); record && record->type != Type::end; record = reader.next()) {
      records += record->type != Type::marker && record->type != Type::stack ? 1 : 0;
    }
  }
  return records;
}

Collector read(const char* path, const char* base) {
  const Result<trace::TraceFile> file = trace::TraceFile::open(path);
  if (!file) {
    give_up(path, file.error());
  }
  const Result<Symbols> symbols = Symbols::read(*file);
  if (!symbols) {
    give_up(path, symbols.error());
  }
  StackTable stacks;
  Collector collector(stacks, std::strtoull(base, nullptr, 16));
  const auto merged = merge(*file, *symbols, stacks, {&collector});
  if (!merged) {
    give_up(path, merged.error());
  }
  if (merged->unresolved != 0) {
    std::fprintf(stderr, "%s: %lu records that name no site\n", path, merged->unresolved);
    std::exit(1);
  }
  collector.records = count_records(*file);
  return collector;
}

// How often one has it and the other has not.
std::uint64_t missing(const std::map<What, std::uint64_t>& from, const std::map<What, std::uint64_t>& in,
                      std::size_t segment, const char* how) {
  std::uint64_t count = 0;
  for (const auto& [what, times] : in) {
    const auto found = from.find(what);
    if (found == from.end() || found->second != times) {
      const auto& [function, site, kind, address, size, elements, stride, rows, row_stride] = what;
      std::fprintf(stderr,
                   "segment %zu, function %u site %u kind %d: %lu * %lu * %lu bytes at %#lx, %lu times %s only\n",
                   segment, function, site, int(kind), rows, elements, size, address, times, how);
      ++count;
    }
  }
  return count;
}

}  // namespace
}  // namespace gordian

int main(int count, char** words) {
  if (count != 5) {
    return 2;
  }
  const auto each = gordian::read(words[1], words[2]);
  const auto groups = gordian::read(words[3], words[4]);
  std::printf("records %lu groups %lu\n", each.records, groups.records);
  if (each.segments.size() != groups.segments.size()) {
    std::fprintf(stderr, "%zu segments one by one, %zu in groups\n", each.segments.size(), groups.segments.size());
    return 1;
  }
  std::uint64_t differences = 0;
  for (std::size_t i = 0; i < each.segments.size() && differences < 20; ++i) {
    differences += gordian::missing(groups.segments[i], each.segments[i], i, "one by one");
    differences += gordian::missing(each.segments[i], groups.segments[i], i, "in groups");
  }
  return differences == 0 ? 0 : 1;
}
