// SPDX-License-Identifier: Apache-2.0
// Writes a trace file (runtime/trace/file_layout.h): header, chunks, end. Invariant: the file always ends after a whole
// chunk, so what a full disk leaves behind is a valid trace that stops early; a later write may succeed again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"
#include "runtime/trace/file_layout.h"
#include "runtime/trace/packed_words.h"

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
  // From now on what is compressed takes less time and more room.
  void hurry() { effort_ = kLeastEffort; }
  // From now on it takes as little room as it can.
  void take_time() { takes_time_ = true; }
  // Words are packed, anything else is compressed, if that makes it smaller; header.raw_bytes says how long it is,
  // codec, stored_bytes and checksum are filled in here. Words have to be aligned as such.
  Result<void> write_chunk(trace::FileChunk header, const void* payload);
  // One that is stored as it is.
  Result<void> write_stored(trace::FileChunk header, const void* payload);
  // Its header tells the time: until here the process may have waited, though its last chunk is older.
  Result<void> write_end(const trace::FileEnd& end);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t written() const { return whole_; }  // bytes

 private:
  TraceWriter(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  using Bytes = std::span<const std::uint8_t>;
  struct Stored {
    trace::Codec codec = trace::Codec::none;
    Bytes bytes;
  };
  Bytes compress(Bytes bytes);
  Stored smallest(Bytes bytes, bool is_words);
  Result<void> append(const void* first, std::size_t first_bytes, const void* second, std::size_t second_bytes);

  // LZ4's acceleration.
  static constexpr int kMostEffort = 1;
  static constexpr int kLeastEffort = 64;

  Descriptor file_;
  std::string path_;
  int effort_ = kMostEffort;
  bool takes_time_ = false;
  std::uint64_t whole_ = 0;  // length of the file up to its last whole chunk
  std::vector<std::uint8_t> compressed_;
  std::vector<std::uint8_t> compressed_packed_;
  trace::WordPacker packer_;
};

}  // namespace gordian::analysis
