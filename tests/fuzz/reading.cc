// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/reading.h"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "analyzer/ingest/merge.h"
#include "analyzer/ingest/symbols.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/file_checksum.h"
#include "runtime/trace/packed_words.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"

namespace gordian::test {

namespace {

// Names every place and every address that it is shown, once.
class Names : public analysis::Observer {
 public:
  Names(const analysis::Symbols& symbols, const analysis::StackTable& stacks) : symbols_(symbols), stacks_(stacks) {}

  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const analysis::Access& access) override { name(access.place, access.address); }
  void step(const analysis::Step& step) override { name(step.place, 0); }

 private:
  void name(const analysis::Place& place, std::uint64_t address) {
    if (places_.insert(place).second) {
      named_ += symbols_.resolve(stacks_, place).size() + symbols_.call_object(stacks_, place).size() +
                symbols_.callee(stacks_, place).size();
    }
    if (addresses_.insert(address).second) {
      named_ += symbols_.global_at(address).name.size();
    }
  }

  const analysis::Symbols& symbols_;
  const analysis::StackTable& stacks_;
  std::set<analysis::Place> places_;
  std::set<std::uint64_t> addresses_;
  std::size_t named_ = 0;
};

void merge_all(const trace::TraceFile& file) {
  const Result<analysis::Symbols> symbols = analysis::Symbols::read(file);
  if (!symbols) {
    check_words(symbols.error());
    return;
  }
  analysis::StackTable stacks;
  Names names(*symbols, stacks);
  if (const Result<analysis::MergeSummary> merged = analysis::merge(file, *symbols, stacks, {&names}); !merged) {
    check_words(merged.error());
  }
}

void read_all(Bytes bytes) {
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(std::move(bytes), kName);
  if (!file) {
    check_words(file.error());
    return;
  }
  std::ostringstream text;
  if (const Result<void> written = trace::to_text(*file, text); !written) {
    check_words(written.error());
  }
  if (const auto violation = trace::validate(*file); !violation) {
    check_words(violation.error());
  }
  merge_all(*file);
}

}  // namespace

void check_words(const Error& error) {
  if (error.what.empty() || error.where.empty()) {
    std::cerr << "refused without a word\n";
    std::abort();
  }
}

void repair_checksums(Bytes& bytes) {
  trace::FileHeader header;
  if (bytes.size() < sizeof header) {
    return;
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  std::size_t at = std::size_t{header.header_bytes} + header.program_bytes + header.command_bytes;
  while (at < bytes.size() && bytes.size() - at >= sizeof(trace::FileChunk)) {
    trace::FileChunk chunk;
    std::memcpy(&chunk, bytes.data() + at, sizeof chunk);
    if (chunk.stored_bytes > bytes.size() - at - sizeof chunk) {
      return;
    }
    chunk.checksum = trace::chunk_checksum(chunk, bytes.data() + at + sizeof chunk);
    std::memcpy(bytes.data() + at, &chunk, sizeof chunk);
    at += sizeof chunk + chunk.stored_bytes;
  }
}

void read_file(std::span<const std::uint8_t> bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  read_all(copy);
  repair_checksums(copy);
  read_all(std::move(copy));
}

void read_text(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Result<Bytes> made = trace::from_text(text, kName);
  if (!made) {
    check_words(made.error());
    return;
  }
  read_all(std::move(*made));
}

void pack_and_unpack(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint64_t> words(bytes.size() / sizeof(std::uint64_t));
  if (!words.empty()) {
    std::memcpy(words.data(), bytes.data(), words.size() * sizeof(std::uint64_t));
  }
  trace::WordPacker packer;
  const std::span<const std::uint8_t> packed = packer.pack(words);
  std::vector<std::uint64_t> back(words.size());
  if (!trace::unpack_words({packed.begin(), packed.end()}, back) || back != words) {
    std::cerr << "other words come back\n";
    std::abort();
  }
  back.resize(bytes.empty() ? 0 : bytes.front() % (4 * bytes.size()));
  trace::unpack_words(bytes, back);
}

}  // namespace gordian::test
