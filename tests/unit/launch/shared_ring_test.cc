// SPDX-License-Identifier: Apache-2.0
// A program can write anything into its ring. The drainer must survive all of it.
#include "analyzer/launch/shared_ring.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <functional>
#include <random>

namespace gordian::test {
namespace {

using analysis::Descriptor;
using analysis::SharedRing;

constexpr std::uint32_t kChunks = 4;

// A ring as an honest program lays it out, then changed.
Descriptor make_ring(const std::function<void(trace::RingHeader&)>& change,
                     std::uint64_t bytes = trace::ring_bytes(kChunks), unsigned flags = MFD_ALLOW_SEALING) {
  Descriptor memfd(memfd_create("test", flags));
  EXPECT_EQ(ftruncate(memfd.get(), static_cast<off_t>(bytes)), 0);
  trace::RingHeader header;
  header.magic = trace::kRingMagic;
  header.version = trace::kRingVersion;
  header.chunk_bytes = trace::kChunkBytes;
  header.chunk_count = kChunks;
  change(header);
  EXPECT_EQ(pwrite(memfd.get(), &header, sizeof(header), 0), static_cast<ssize_t>(sizeof(header)));
  return memfd;
}

void expect_refused(Descriptor memfd) { EXPECT_FALSE(SharedRing::map(std::move(memfd)).has_value()); }

TEST(SharedRing, RefusesWhatIsNoRing) {
  expect_refused(make_ring([](trace::RingHeader& header) { header.magic = 1; }));
  expect_refused(make_ring([](trace::RingHeader& header) { header.version = 99; }));
  expect_refused(make_ring([](trace::RingHeader& header) { header.chunk_bytes = 4096; }));
  expect_refused(make_ring([](trace::RingHeader& header) { header.chunk_count = 0; }));
  expect_refused(make_ring([](trace::RingHeader& header) { header.chunk_count = kChunks + 1; }));
  expect_refused(make_ring([](trace::RingHeader& header) { header.chunk_count = 0xffffffff; }));
  expect_refused(make_ring([](trace::RingHeader&) {}, 4096));
  expect_refused(make_ring([](trace::RingHeader&) {}, trace::ring_bytes(kChunks), 0));  // could shrink under us
  expect_refused(Descriptor(open("/dev/null", O_RDWR)));
  EXPECT_TRUE(SharedRing::map(make_ring([](trace::RingHeader&) {})).has_value());
}

TEST(SharedRing, TheProgramCannotShrinkItUnderUs) {
  Descriptor memfd = make_ring([](trace::RingHeader&) {});
  const Descriptor programs(dup(memfd.get()));
  Result<SharedRing> ring = SharedRing::map(std::move(memfd));
  ASSERT_TRUE(ring.has_value());
  EXPECT_NE(ftruncate(programs.get(), 0), 0);
}

// Its words behind those may still change.
TEST(SharedRing, OfALivingProgramOnlyWhatIsCommittedIsTaken) {
  Descriptor memfd = make_ring([](trace::RingHeader&) {});
  auto* const memory = static_cast<std::uint8_t*>(
      mmap(nullptr, trace::ring_bytes(kChunks), PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0));
  Result<SharedRing> ring = SharedRing::map(std::move(memfd));
  ASSERT_TRUE(ring.has_value());
  auto* const chunk = reinterpret_cast<trace::ChunkHeader*>(memory + trace::kChunkHeadersOffset);
  chunk->state = static_cast<std::uint32_t>(trace::ChunkState::owned);
  chunk->family = trace::Family::access;
  chunk->committed = 16;
  std::fill_n(reinterpret_cast<std::uint64_t*>(memory + trace::payloads_offset(kChunks)), 5, trace::access_word(1, 8));
  EXPECT_EQ(ring->remaining_chunks(false).at(0).bytes, 16u);
  EXPECT_EQ(ring->remaining_chunks(true).at(0).bytes, 40u);
  munmap(memory, trace::ring_bytes(kChunks));
}

TEST(SharedRing, SurvivesScribbling) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    Descriptor memfd = make_ring([](trace::RingHeader&) {});
    auto* const memory = static_cast<std::uint8_t*>(
        mmap(nullptr, trace::ring_bytes(kChunks), PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0));
    Result<SharedRing> ring = SharedRing::map(std::move(memfd));
    ASSERT_TRUE(ring.has_value());
    for (int word = 0; word < 400; ++word) {  // headers of the ring and of all chunks, and some payload
      const std::uint64_t at = word < 300 ? random() % (trace::payloads_offset(kChunks) / 4) * 4
                                          : random() % (trace::ring_bytes(kChunks) / 4) * 4;
      const std::uint32_t value =
          random() % 3 == 0 ? static_cast<std::uint32_t>(random() % 5) : static_cast<std::uint32_t>(random());
      *reinterpret_cast<std::uint32_t*>(memory + at) = value;
    }
    for (std::uint32_t chunk = 0; chunk < kChunks; ++chunk) {  // and states that make us look
      auto* header = reinterpret_cast<trace::ChunkHeader*>(memory + trace::kChunkHeadersOffset) + chunk;
      header->state = static_cast<std::uint32_t>(random() % 3);
      header->family = static_cast<trace::Family>(random() % 5);
    }
    for (const analysis::ChunkView& chunk : ring->sealed_chunks()) {
      ASSERT_LE(chunk.bytes, trace::kChunkBytes);
      ring->free_chunk(chunk);
    }
    for (const analysis::ChunkView& chunk : ring->remaining_chunks(true)) {
      ASSERT_LE(chunk.bytes, trace::kChunkBytes);
      ASSERT_LT(chunk.index, kChunks);
    }
    munmap(memory, trace::ring_bytes(kChunks));
  }
}

}  // namespace
}  // namespace gordian::test
