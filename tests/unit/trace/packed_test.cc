// SPDX-License-Identifier: Apache-2.0
// The codec `packed`: whatever words go in come out again, and whatever bytes are taken for packed ones, nothing is
// read or written beyond their end. (That shows under AddressSanitizer: each buffer is exactly as long as it has to
// be.)
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "runtime/trace/access_word.h"
#include "runtime/trace/packed_words.h"
#include "tests/support/access_words.h"

namespace gordian::trace {
namespace {

using Words = std::vector<std::uint64_t>;
using Bytes = std::vector<std::uint8_t>;
using Random = std::mt19937_64;

constexpr std::size_t kChunk = 8192;  // words

Bytes packed(const Words& words) {
  static WordPacker packer;  // what it did before must not show
  const std::span<const std::uint8_t> bytes = packer.pack(words);
  return {bytes.begin(), bytes.end()};
}

bool holds(const Bytes& bytes, std::size_t count) {
  Words words(count);
  return unpack_words(bytes, words);
}

// How many bytes it takes.
std::size_t there_and_back(const Words& words) {
  const Bytes bytes = packed(words);
  Words back(words.size());
  EXPECT_TRUE(unpack_words(bytes, back));
  EXPECT_EQ(back, words);
  EXPECT_LT(words.size() * sizeof(std::uint64_t), 255 * bytes.size());  // what a reader refuses
  return bytes.size();
}

// Of every kind, with operands that are missing, too many, or too large.
std::uint64_t any_word(Random& random) {
  const std::uint64_t kind = random() % 12;
  const std::uint64_t small = random() % 64;
  if (kind < 6) {
    return kControlBit | (random() % 2 == 0 ? kind : random() % 32) << kControlShift |
           (random() % 8 == 0 ? random() & kControlPayloadMask : small);
  }
  switch (kind) {
    case 6:
      return random();
    case 7:
      return stack_word(random() % 2 == 0 ? kPopAll : random() % 20, random() % 70);
    case 8:
      return random() % 2 == 0 ? ~small : std::uint64_t{1} << small;
    case 9:
      return bitmap_word(small << random() % 11 | (random() % 2 == 0 ? kBitmapOfRanges : 0), random() % 16,
                         random() % 6);
    default:
      return access_word(random() % 8, 0x7f00'0000'0000 + random() % 4096);
  }
}

TEST(Packed, NothingAndLittle) {
  there_and_back({});
  for (const std::uint64_t word : {std::uint64_t{0}, std::uint64_t{1}, kAddressMask, kControlBit, ~std::uint64_t{0}}) {
    there_and_back({word});
  }
}

TEST(Packed, EachControlWordWithAndWithoutItsOperands) {
  for (std::uint64_t type = 0; type < 32; ++type) {
    for (const std::uint64_t payload :
         {std::uint64_t{0}, std::uint64_t{2047}, std::uint64_t{2048}, kAddressMask, kControlPayloadMask}) {
      Words words = {kControlBit | type << kControlShift | payload};
      for (const std::uint64_t operand : {std::uint64_t{8}, kAddressMask, kAddressMask >> 1, ~(kAddressMask >> 1),
                                          kAddressMask + 1, ~std::uint64_t{0}}) {
        there_and_back(words);
        words.push_back(operand);
      }
    }
  }
}

TEST(Packed, StacksOfAnyShape) {
  for (const std::uint64_t pop : {0u, 1u, 14u, 15u, 16u, 0xfffffffeu, 0xffffffffu}) {
    for (const std::uint64_t push : {0u, 1u, 3u, 127u, 128u, 0x3ffffffu}) {
      Words words = {stack_word(pop, push)};
      for (std::uint64_t i = 0; i < std::min<std::uint64_t>(push, 130); ++i) {
        words.push_back(i << 32 | i << (i % 32));
      }
      words.push_back(access_word(1, 0x1000));
      there_and_back(words);
    }
  }
}

TEST(Packed, AnyWords) {
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    Words words(random() % 300);
    std::generate(words.begin(), words.end(), [&] { return any_word(random); });
    there_and_back(words);
  }
}

TEST(Packed, RandomWordsTakeHardlyMoreRoom) {
  Random random(2);
  Words words(kChunk);
  std::generate(words.begin(), words.end(), random);
  EXPECT_LT(there_and_back(words), 17 * words.size());
  std::generate(words.begin(), words.end(), [&] { return random() >> 1; });
  EXPECT_LT(there_and_back(words), 9 * words.size());
}

TEST(Packed, WhatAProgramDoes) {
  test::AccessWords program(3);
  for (int round = 0; round < 200; ++round) {
    const Words words = program.make(static_cast<std::size_t>(round) * 40);
    there_and_back(words);
  }
  EXPECT_LT(there_and_back(program.make(kChunk)), 5 * kChunk / 2);
}

TEST(Packed, RegularWordsTakeLessThanAByte) {
  EXPECT_LT(there_and_back(Words(kChunk, access_word(5, 0x1234))), kChunk * 6 / 10);
  EXPECT_LT(there_and_back(Words(kChunk, 0)), kChunk * 6 / 10);
  Words matrix;
  for (std::uint64_t row = 0; row < 1000; ++row) {
    matrix.insert(matrix.end(), {control_word(ControlType::strided, 3), 0x7f00'0000'0000 + row * 64, 8, 8});
    matrix.insert(matrix.end(), {control_word(ControlType::range, 4), 0x7f10'0000'0000 + row * 64, 64});
  }
  EXPECT_LT(there_and_back(matrix), matrix.size() * 9 / 10);
}

TEST(Packed, AsManyAsAChunkMayHave) {
  test::AccessWords program(4);
  Words words;
  while (words.size() < (std::size_t{16} << 20) / sizeof(std::uint64_t)) {
    const Words more = program.make(kChunk);
    words.insert(words.end(), more.begin(), more.end());
  }
  there_and_back(words);
  there_and_back(Words(words.size(), kControlBit));  // none of them is an item
}

TEST(Packed, OtherCountsAreRefused) {
  const Words words = test::AccessWords(5).make(1000);
  Bytes bytes = packed(words);
  ASSERT_TRUE(holds(bytes, words.size()));
  EXPECT_FALSE(holds(bytes, words.size() - 1));
  EXPECT_FALSE(holds(bytes, words.size() + 1));
  EXPECT_FALSE(holds(bytes, 0));
  bytes.push_back(0);
  EXPECT_FALSE(holds(bytes, words.size()));
  EXPECT_FALSE(holds({}, 0));
  EXPECT_FALSE(holds(Bytes(8, 0xff), 1));  // as many items and verbatim words as there can be
}

TEST(Packed, CutAtEveryByte) {
  Random random(6);
  Words words = test::AccessWords(6).make(200);
  std::generate_n(std::back_inserter(words), 100, [&] { return any_word(random); });
  const Bytes whole = packed(words);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(holds(cut, words.size())) << size;
  }
}

TEST(Packed, ChangedBytes) {
  Random random(7);
  Words words = test::AccessWords(7).make(300);
  std::generate_n(std::back_inserter(words), 50, [&] { return any_word(random); });
  const Bytes whole = packed(words);
  int refused = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes bad = whole;
    for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
      const std::uint64_t most = random() % 4 == 0 ? 8 : bad.size();  // often what it begins with
      bad[random() % most] ^= static_cast<std::uint8_t>(1 + random() % 255);
    }
    refused += holds(bad, words.size()) ? 0 : 1;
  }
  EXPECT_GT(refused, 10000);
}

TEST(Packed, NoiseIsReadToItsEndOrRefused) {
  Random random(8);
  for (int round = 0; round < 20000; ++round) {
    Bytes noise(random() % 200);
    std::generate(noise.begin(), noise.end(), random);
    if (noise.size() >= 8) {
      std::fill_n(noise.begin() + 1, 7, std::uint8_t{0});  // some items, few verbatim words
      noise[4] = static_cast<std::uint8_t>(random() % 3);
    }
    holds(noise, random() % 300);
  }
}

}  // namespace
}  // namespace gordian::trace
