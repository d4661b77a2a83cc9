// SPDX-License-Identifier: Apache-2.0
// Which chunks are stored in what way, and that they say the same then.
#include "analyzer/launch/trace_writer.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/trace/decode.h"
#include "tests/support/access_words.h"
#include "tests/support/scratch_folder.h"

namespace gordian::analysis {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Writing : public ::testing::Test {
 protected:
  // The chunk of the file that has only this one.
  trace::Chunk written(trace::Family family, const void* payload, std::size_t bytes, bool takes_time = false) {
    const std::string path = (folder_.path() / (std::to_string(++count_) + ".gtrace")).string();
    Result<TraceWriter> writer = TraceWriter::create(path, false);
    EXPECT_TRUE(writer->write_header({}, "/bin/test", ""));
    ChunkCoder coder;
    if (takes_time) {
      coder.take_time();
    }
    const trace::FileChunk header{.family = family, .stream = 1, .raw_bytes = static_cast<std::uint32_t>(bytes)};
    EXPECT_TRUE(writer->write_chunk(coder.code(header, payload)));
    EXPECT_TRUE(writer->write_end({}));
    const Result<trace::TraceFile> file = trace::TraceFile::open(path);
    EXPECT_TRUE(file && !file->truncated());
    const auto* const from = static_cast<const std::uint8_t*>(payload);
    const Result<trace::Chunk> chunk = file->read(file->chunks().front());
    EXPECT_EQ(chunk->payload, Bytes(from, from + bytes));
    return *chunk;
  }

 private:
  test::ScratchFolder folder_;
  int count_ = 0;
};

TEST_F(Writing, AccessesArePacked) {
  const std::vector<std::uint64_t> words = test::AccessWords(1).make(1000);
  const trace::FileChunk stored = written(trace::Family::access, words.data(), words.size() * 8).header;
  EXPECT_EQ(stored.codec, trace::Codec::packed);
  EXPECT_LT(stored.stored_bytes, words.size() * 4);
}

TEST_F(Writing, AccessesThatAreNoneStayAsTheyAre) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> words(1000);
  std::generate(words.begin(), words.end(), random);
  EXPECT_EQ(written(trace::Family::access, words.data(), words.size() * 8).header.codec, trace::Codec::none);
  EXPECT_EQ(written(trace::Family::access, words.data(), 0).header.codec, trace::Codec::none);
}

TEST_F(Writing, WithTimeTheShortestOfAllWays) {
  const std::vector<std::uint64_t> words = test::AccessWords(1).make(4000);
  const std::size_t bytes = words.size() * 8;
  const trace::FileChunk stored = written(trace::Family::access, words.data(), bytes, true).header;
  EXPECT_EQ(stored.codec, trace::Codec::packed_zstd);
  EXPECT_LT(stored.stored_bytes, written(trace::Family::access, words.data(), bytes).header.stored_bytes);
  // As many times longer as a reader takes, and no more.
  const std::vector<std::uint64_t> same(8000, words.front());
  const trace::FileChunk least = written(trace::Family::access, same.data(), same.size() * 8, true).header;
  EXPECT_LE(least.raw_bytes, least.stored_bytes * 255);
  const Bytes events(1000, 7);
  EXPECT_EQ(written(trace::Family::sync, events.data(), events.size(), true).header.codec, trace::Codec::zstd);
}

TEST_F(Writing, EventsAreCompressed) {
  const Bytes events(1000, 7);
  EXPECT_EQ(written(trace::Family::sync, events.data(), events.size()).header.codec, trace::Codec::lz4);
  EXPECT_EQ(written(trace::Family::sync, events.data(), 1).header.codec, trace::Codec::none);
}

}  // namespace
}  // namespace gordian::analysis
