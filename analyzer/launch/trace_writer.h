// SPDX-License-Identifier: Apache-2.0
// Writes a trace file (runtime/trace/file_layout.h): header, chunks, end. Invariant: the file always ends after a whole
// chunk, so what a full disk leaves behind is a valid trace that stops early; a later write may succeed again.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/launch/chunk_coder.h"
#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"
#include "runtime/trace/file_layout.h"

namespace gordian::analysis {

class TraceWriter {
 public:
  // A new file, readable by its owner only. `replace`: an existing trace of that name is removed first, any other file
  // is an error; a symbolic link is never followed.
  static Result<TraceWriter> create(const std::string& path, bool replace);

  // Takes everything and keeps nothing.
  static TraceWriter nowhere() { return {Descriptor(), ""}; }
  [[nodiscard]] bool keeps() const { return static_cast<bool>(file_); }

  Result<void> write_header(trace::FileHeader header, const std::string& program, const std::string& command);
  Result<void> write_chunk(const CodedChunk& chunk);
  // One that is stored as it is.
  Result<void> write_stored(trace::FileChunk header, const void* payload);
  // Its header tells the time: until here the process may have waited, though its last chunk is older.
  Result<void> write_end(const trace::FileEnd& end);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t written() const { return whole_; }  // bytes

 private:
  TraceWriter(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> append(const void* first, std::size_t first_bytes, const void* second, std::size_t second_bytes);

  Descriptor file_;
  std::string path_;
  std::uint64_t whole_ = 0;  // length of the file up to its last whole chunk
};

}  // namespace gordian::analysis
