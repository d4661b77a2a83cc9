// SPDX-License-Identifier: Apache-2.0
// check_ranges TRACE BASE TRACE BASE: two builds of one program, one with all accesses one by one, one with loops told
// in front of them. Does each source place touch the same bytes of the array at BASE? Prints how many records there are
// of each; status 1 if they differ.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "analyzer/ingest/merge.h"
#include "runtime/trace/decode.h"

namespace gordian {
namespace {

using namespace analysis;  // NOLINT: a test's main program

constexpr std::uint64_t kArena = 2048;  // bytes; what is touched elsewhere lies elsewhere in each run

// Function, line, column, kind.
using Where = std::tuple<std::string, std::uint32_t, std::uint32_t, trace::AccessKind>;

class Collector : public Observer {
 public:
  Collector(const StackTable& stacks, const Symbols& symbols, std::uint64_t base)
      : stacks_(stacks), symbols_(symbols), base_(base) {}
  void step(const Step&) override {}
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override {
    ++records;
    const Stack stack = symbols_.resolve(stacks_, {access.place.stack, access.place.site, true});
    if (stack.empty()) {
      return;
    }
    std::set<std::uint64_t>& bytes =
        touched[{stack.front().function, stack.front().line, stack.front().column, access.kind}];
    for (std::uint64_t i = 0; i < access.count * access.rows; ++i) {
      const std::uint64_t address = access.address + i % access.count * static_cast<std::uint64_t>(access.stride) +
                                    i / access.count * static_cast<std::uint64_t>(access.row_stride) - base_;
      for (std::uint64_t byte = 0; byte < access.size && address < kArena; ++byte) {
        bytes.insert(address + byte);
      }
    }
  }
  std::map<Where, std::set<std::uint64_t>> touched;
  std::uint64_t records = 0;

 private:
  const StackTable& stacks_;
  const Symbols& symbols_;
  std::uint64_t base_;
};

Collector read(const char* path, const char* base, StackTable& stacks, Symbols& symbols) {
  const Result<trace::TraceFile> file = trace::TraceFile::open(path);
  if (!file) {
    std::fprintf(stderr, "%s: %s\n", path, file.error().what.c_str());
    std::exit(2);
  }
  symbols = std::move(*Symbols::read(*file));
  Collector collector(stacks, symbols, std::strtoull(base, nullptr, 16));
  if (const auto merged = merge(*file, symbols, stacks, {&collector}); !merged) {
    std::fprintf(stderr, "%s: %s\n", path, merged.error().what.c_str());
    std::exit(2);
  }
  return collector;
}

}  // namespace
}  // namespace gordian

int main(int count, char** words) {
  if (count != 5) {
    return 2;
  }
  gordian::analysis::StackTable stacks[2];
  gordian::analysis::Symbols symbols[2];
  const auto each = gordian::read(words[1], words[2], stacks[0], symbols[0]);
  const auto ranges = gordian::read(words[3], words[4], stacks[1], symbols[1]);
  std::printf("records %lu ranges %lu\n", each.records, ranges.records);
  if (each.touched == ranges.touched) {
    return 0;
  }
  for (const auto& [where, bytes] : each.touched) {
    const auto found = ranges.touched.find(where);
    if (found == ranges.touched.end() || found->second != bytes) {
      std::fprintf(stderr, "%s line %u:%u kind %d: %zu bytes one by one, %zu as ranges\n", std::get<0>(where).c_str(),
                   std::get<1>(where), std::get<2>(where), int(std::get<3>(where)), bytes.size(),
                   found == ranges.touched.end() ? std::size_t{0} : found->second.size());
    }
  }
  for (const auto& [where, bytes] : ranges.touched) {
    if (!each.touched.contains(where)) {
      std::fprintf(stderr, "%s line %u:%u: only as a range\n", std::get<0>(where).c_str(), std::get<1>(where),
                   std::get<2>(where));
    }
  }
  return 1;
}
