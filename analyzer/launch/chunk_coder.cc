// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/chunk_coder.h"

#include <lz4.h>
#include <zstd.h>

#include <cstddef>

#include "runtime/trace/file_checksum.h"

namespace gordian::analysis {

// Empty if it cannot be done.
ChunkCoder::Bytes ChunkCoder::compress(Bytes bytes) {
  const auto count = static_cast<int>(bytes.size());
  compressed_.resize(static_cast<std::size_t>(LZ4_compressBound(count)));
  const int shrunk =
      LZ4_compress_fast(reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(compressed_.data()), count,
                        static_cast<int>(compressed_.size()), effort_);
  return std::span(compressed_).first(static_cast<std::size_t>(shrunk));
}

// Of all ways that readers allow: nothing may decompress to more than 255 times as much.
ChunkCoder::Stored ChunkCoder::smallest(Bytes bytes, bool is_words) {
  constexpr int kLevel = 12;
  constexpr std::size_t kMostTimes = 255;
  Stored best{trace::Codec::none, bytes};
  const auto offer = [&](trace::Codec codec, Bytes shrunk) {
    if (shrunk.size() < best.bytes.size() && shrunk.size() * kMostTimes >= bytes.size()) {
      best = {codec, shrunk};
    }
  };
  const auto zstd = [](Bytes from, std::vector<std::uint8_t>& to) {
    to.resize(ZSTD_compressBound(from.size()));
    const std::size_t shrunk = ZSTD_compress(to.data(), to.size(), from.data(), from.size(), kLevel);
    return ZSTD_isError(shrunk) != 0 ? Bytes(to) : Bytes(to).first(shrunk);  // as it is it is too long
  };
  offer(trace::Codec::zstd, zstd(bytes, compressed_));
  if (is_words) {
    const Bytes packed =
        packer_.pack({reinterpret_cast<const std::uint64_t*>(bytes.data()), bytes.size() / sizeof(std::uint64_t)});
    offer(trace::Codec::packed, packed);
    offer(trace::Codec::packed_zstd, zstd(packed, compressed_packed_));
  }
  return best;
}

CodedChunk ChunkCoder::code(trace::FileChunk header, const void* payload) {
  constexpr std::uint32_t kWord = sizeof(std::uint64_t);
  const bool is_words = header.family == trace::Family::access && header.raw_bytes % kWord == 0;
  const Bytes bytes(static_cast<const std::uint8_t*>(payload), header.raw_bytes);
  Stored stored{trace::Codec::none, bytes};
  if (takes_time_) {
    stored = smallest(bytes, is_words);
  } else if (is_words) {
    stored = {trace::Codec::packed, packer_.pack({static_cast<const std::uint64_t*>(payload), bytes.size() / kWord})};
  } else {
    stored = {trace::Codec::lz4, compress(bytes)};
  }
  if (stored.bytes.empty() || stored.bytes.size() >= bytes.size()) {
    stored = {trace::Codec::none, bytes};
  }
  header.codec = stored.codec;
  header.stored_bytes = static_cast<std::uint32_t>(stored.bytes.size());
  header.checksum = trace::chunk_checksum(header, stored.bytes.data());
  return {header, stored.bytes};
}

}  // namespace gordian::analysis
