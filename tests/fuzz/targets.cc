// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.h"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string_view>

#include "analyzer/cli/traces.h"
#include "analyzer/detect/analyze.h"
#include "analyzer/report/report.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/file_checksum.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"

namespace gordian::test {

namespace {

constexpr const char* kName = "hostile.gtrace";

// A refusal without words is as bad as a crash.
void check_words(const Error& error) {
  if (error.what.empty() || error.where.empty()) {
    std::cerr << "refused without a word\n";
    std::abort();
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
}

bool is_weakened(const analysis::report::Report& report) {
  for (const analysis::Finding& finding : report.findings) {
    if (finding.certainty != analysis::Certainty::potential) {
      return false;
    }
  }
  return true;
}

}  // namespace

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

Outcome analyzed(Bytes bytes) {
  Outcome outcome;
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(std::move(bytes), kName);
  if (!file) {
    check_words(file.error());
    outcome.refused = true;
    return outcome;
  }
  const auto analysis = analysis::analyze(*file);
  if (!analysis) {
    check_words(analysis.error());
    outcome.refused = true;
    return outcome;
  }
  const analysis::report::Report report = cli::report_of(*file, *analysis);
  const std::string words = analysis::report::text(report, {});
  const std::string summary = analysis::report::summary(report, {});
  outcome.partial = summary.find("cut short") != std::string::npos || summary.find("lost") != std::string::npos;
  outcome.weakened = is_weakened(report);
  for (const analysis::Finding& finding : report.findings) {
    outcome.findings.push_back(finding.id);
  }
  return outcome;
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

void look_at_it(std::span<const std::uint8_t> bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  repair_checksums(copy);
  analyzed(std::move(copy));
}

}  // namespace gordian::test
