// SPDX-License-Identifier: Apache-2.0
// A trace cut at every byte, and one with bytes changed at random, is read to its end or refused: never a crash, never
// an allocation beyond the file's own size class. Checksums are repaired in half of the cases, so that the readers
// behind them are reached.
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <sstream>

#include "runtime/trace/builder.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/file_checksum.h"
#include "runtime/trace/packed_words.h"
#include "runtime/trace/tables.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"

namespace gordian::trace {
namespace {

std::vector<std::uint8_t> good_trace() {
  TraceBuilder trace;
  const FunctionId f = trace.units().function("worker", "w.cc", 3);
  const std::uint32_t store = trace.units().access(4, "counter", AccessKind::write, 8);
  const std::uint32_t load = trace.units().access(5, "counter", AccessKind::read, 8);
  const std::uint32_t both = trace.units().group({{store, 0}, {load, -8}});
  trace.units().call(5, "lock", "mu");
  trace.units().global("counter", 0x1000, 8, "w.cc", 1);
  trace.units().member("counter.low", 0, 4);
  StreamBuilder& one = trace.stream();
  one.event(ThreadStart{1, 100}).event(Switch{1, 1, 5}).call(0, f);
  one.op(Object{1, 9, 1, 0x2000, 0}).op(Lock{1, 9, 1, 0}).access(store, 0x1000).op(Unlock{1, 9, 2, 0});
  one.access(both, 0x1000).strided(both, 0x1000, 4, 16);
  const std::vector<std::uint64_t> cases = {18, 21};
  one.op(Select{1, 0, 1, 0, 0, cases}).range(store, 0x1000, 64).strided(store, 0x1000, 4, -16).op(Name{"main"});
  one.cut().access(store, 0x1000).op(Exit{0, 1});
  return trace.bytes();
}

void read_everything(std::vector<std::uint8_t> bytes) {
  const Result<TraceFile> file = TraceFile::from_bytes(std::move(bytes), "hostile");
  if (!file) {
    EXPECT_FALSE(file.error().what.empty());
    return;
  }
  std::ostringstream text;
  static_cast<void>(to_text(*file, text));
  static_cast<void>(validate(*file));
}

void repair_checksums(std::vector<std::uint8_t>& bytes) {
  FileHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::size_t at = std::size_t{header.header_bytes} + header.program_bytes + header.command_bytes;
  while (at < bytes.size() && bytes.size() - at >= sizeof(FileChunk)) {
    FileChunk chunk;
    std::memcpy(&chunk, bytes.data() + at, sizeof chunk);
    if (chunk.stored_bytes > bytes.size() - at - sizeof chunk) {
      return;
    }
    chunk.checksum = chunk_checksum(chunk, bytes.data() + at + sizeof chunk);
    std::memcpy(bytes.data() + at, &chunk, sizeof chunk);
    at += sizeof chunk + chunk.stored_bytes;
  }
}

TEST(Hostile, CutAtEveryByte) {
  const std::vector<std::uint8_t> good = good_trace();
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::vector<std::uint8_t> cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    const Result<TraceFile> file = TraceFile::from_bytes(cut, "cut");
    EXPECT_TRUE(!file || file->truncated()) << size;
    read_everything(std::move(cut));
  }
}

TEST(Hostile, ChangedBytes) {
  const std::vector<std::uint8_t> good = good_trace();
  std::mt19937_64 random(1);
  for (int round = 0; round < 4000; ++round) {
    std::vector<std::uint8_t> bad = good;
    for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
      bad[random() % bad.size()] = static_cast<std::uint8_t>(random() % 2 == 0 ? random() : 0xff);
    }
    if (round % 2 == 0) {
      repair_checksums(bad);
    }
    read_everything(std::move(bad));
  }
}

TEST(Hostile, WrongChecksumDropsTheChunkAndSaysSo) {
  std::vector<std::uint8_t> bad = good_trace();
  const auto good = TraceFile::from_bytes(bad, "good");
  ASSERT_FALSE(good->truncated());
  const TraceFile::ChunkRef second = good->chunks()[1];
  bad[second.offset + sizeof(FileChunk)] ^= 1;
  const auto file = TraceFile::from_bytes(bad, "bad");
  ASSERT_TRUE(file->truncated());
  EXPECT_EQ(file->truncated()->where, "bad:" + std::to_string(second.offset));
  EXPECT_EQ(file->chunks().size(), good->chunks().size() - 1);
  EXPECT_TRUE(file->end());
}

// Sixteen million events in a few hundred bytes.
TEST(Hostile, AChunkThatUnfoldsBeyondMeasureIsRefused) {
  std::vector<std::uint8_t> bytes = TraceBuilder().bytes();
  const std::size_t whole = bytes.size();
  const std::vector<std::uint8_t> events(std::size_t{16} << 20, static_cast<std::uint8_t>(EventKind::ThreadEnd));
  std::vector<std::uint8_t> stored(ZSTD_compressBound(events.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), events.data(), events.size(), 19));
  ASSERT_LT(stored.size(), 4096u);
  FileChunk chunk{.family = Family::sync, .codec = Codec::zstd, .stream = 1};
  chunk.raw_bytes = static_cast<std::uint32_t>(events.size());
  chunk.stored_bytes = static_cast<std::uint32_t>(stored.size());
  chunk.checksum = chunk_checksum(chunk, stored.data());
  const auto* const header = reinterpret_cast<const std::uint8_t*>(&chunk);
  bytes.insert(bytes.end(), header, header + sizeof chunk);
  bytes.insert(bytes.end(), stored.begin(), stored.end());
  const auto file = TraceFile::from_bytes(bytes, "bomb");
  ASSERT_TRUE(file && file->truncated());
  EXPECT_EQ(file->truncated()->where, "bomb:" + std::to_string(whole));
  EXPECT_TRUE(std::ranges::none_of(file->chunks(), [](const auto& ref) { return ref.header.family == Family::sync; }));
}

// Of reading an access chunk that is stored so; none: it can be read.
std::optional<std::string> complaint(Codec codec, const std::vector<std::uint8_t>& stored, std::uint32_t raw_bytes) {
  FileChunk chunk{.family = Family::access, .codec = codec, .stream = 1, .raw_bytes = raw_bytes};
  chunk.stored_bytes = static_cast<std::uint32_t>(stored.size());
  chunk.checksum = chunk_checksum(chunk, stored.data());
  std::vector<std::uint8_t> bytes = TraceBuilder().bytes();
  const auto* const header = reinterpret_cast<const std::uint8_t*>(&chunk);
  bytes.insert(bytes.end(), header, header + sizeof chunk);
  bytes.insert(bytes.end(), stored.begin(), stored.end());
  const auto file = TraceFile::from_bytes(bytes, "packed");
  const auto read = file->read(file->chunks().back());
  return read ? std::nullopt : std::optional(read.error().what);
}

// What a file says of a packed chunk, and what the chunk's bytes say.
TEST(Hostile, APackedChunkThatContradictsItselfIsRefused) {
  const std::vector<std::uint64_t> words(20, 0x1000);
  WordPacker packer;
  const std::span<const std::uint8_t> packed = packer.pack(words);
  const std::vector<std::uint8_t> good(packed.begin(), packed.end());
  const auto kind = [](const std::vector<std::uint8_t>& stored, std::uint32_t raw_bytes) {
    return complaint(Codec::packed, stored, raw_bytes);
  };
  const std::uint32_t size = 20 * sizeof(std::uint64_t);
  EXPECT_EQ(kind(good, size), std::nullopt);
  EXPECT_EQ(kind(good, size + 8), "a chunk does not decompress");
  EXPECT_EQ(kind(good, size - 8), "a chunk does not decompress");
  EXPECT_EQ(kind(good, size - 4), "an access chunk is not made of whole words");
  std::vector<std::uint8_t> bad = good;
  bad.push_back(0);
  EXPECT_EQ(kind(bad, size), "a chunk does not decompress");
  bad.resize(good.size() - 1);
  EXPECT_EQ(kind(bad, size), "a chunk does not decompress");
  bad.resize(3);
  EXPECT_EQ(kind(bad, size), "a chunk does not decompress");
}

// The same of one that zstd made smaller still, and of frames that say they hold what they do not.
TEST(Hostile, APackedChunkInAFrameIsRefusedAsOneWithout) {
  const std::vector<std::uint64_t> words(20, 0x1000);
  WordPacker packer;
  const std::span<const std::uint8_t> packed = packer.pack(words);
  const auto frame = [](std::span<const std::uint8_t> content) {
    std::vector<std::uint8_t> stored(ZSTD_compressBound(content.size()));
    stored.resize(ZSTD_compress(stored.data(), stored.size(), content.data(), content.size(), 3));
    return stored;
  };
  constexpr std::uint32_t kSize = 20 * sizeof(std::uint64_t);
  const std::vector<std::uint8_t> good = frame(packed);
  EXPECT_EQ(complaint(Codec::packed_zstd, good, kSize), std::nullopt);
  for (std::size_t bytes = 1; bytes < good.size(); ++bytes) {
    EXPECT_NE(complaint(Codec::packed_zstd, {good.begin(), good.begin() + bytes}, kSize), std::nullopt) << bytes;
  }
  EXPECT_NE(complaint(Codec::packed_zstd, good, kSize + 8), std::nullopt);
  EXPECT_NE(complaint(Codec::packed_zstd, frame(std::vector<std::uint8_t>(1 << 20)), kSize), std::nullopt);
  EXPECT_NE(complaint(Codec::packed_zstd, {packed.begin(), packed.end()}, kSize), std::nullopt);
}

TEST(Hostile, NotATrace) {
  EXPECT_FALSE(TraceFile::from_bytes({}, "empty"));
  EXPECT_FALSE(TraceFile::from_bytes({'n', 'o', 'p', 'e'}, "nope"));
  EXPECT_EQ(TraceFile::open("/nonexistent/trace").error().kind, ErrorKind::io);
  EXPECT_FALSE(TraceFile::open("/"));
  std::vector<std::uint8_t> newer = good_trace();
  newer[8] = 99;
  EXPECT_EQ(TraceFile::from_bytes(newer, "newer").error().kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace gordian::trace
