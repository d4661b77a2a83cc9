// SPDX-License-Identifier: Apache-2.0
// How the chunks of a trace file are made small.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/trace/file_layout.h"
#include "runtime/trace/packed_words.h"

namespace gordian::analysis {

// A chunk as the file holds it. The bytes may be the payload's own, and are valid until the coder's next chunk.
struct CodedChunk {
  trace::FileChunk header;
  std::span<const std::uint8_t> bytes;
};

// Makes chunks small: words are packed, anything else is compressed, if that makes it smaller.
class ChunkCoder {
 public:
  // From now on what is compressed takes less time and more room.
  void hurry() { effort_ = kLeastEffort; }
  // From now on it takes as little room as it can.
  void take_time() { takes_time_ = true; }
  // header.raw_bytes says how long the payload is; codec, stored_bytes and checksum are filled in. Words have to be
  // aligned as such.
  CodedChunk code(trace::FileChunk header, const void* payload);

 private:
  using Bytes = std::span<const std::uint8_t>;
  struct Stored {
    trace::Codec codec = trace::Codec::none;
    Bytes bytes;
  };
  Bytes compress(Bytes bytes);
  Stored smallest(Bytes bytes, bool is_words);

  // LZ4's acceleration.
  static constexpr int kMostEffort = 1;
  static constexpr int kLeastEffort = 64;

  int effort_ = kMostEffort;
  bool takes_time_ = false;
  std::vector<std::uint8_t> compressed_;
  std::vector<std::uint8_t> compressed_packed_;
  trace::WordPacker packer_;
};

}  // namespace gordian::analysis
