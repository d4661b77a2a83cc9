// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/damage.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "runtime/trace/decode.h"
#include "runtime/trace/file_checksum.h"

namespace gordian::test {

namespace {

using Random = std::mt19937_64;

std::uint8_t nasty_byte(Random& random) {
  constexpr std::uint8_t kNasty[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
  const std::uint64_t choice = random() % 8;
  return choice < sizeof(kNasty) ? kNasty[choice] : static_cast<std::uint8_t>(random());
}

void change(std::uint8_t* bytes, std::size_t count, Random& random) {
  for (std::uint64_t changes = 1 + random() % 4; count > 0 && changes > 0; --changes) {
    bytes[random() % count] = nasty_byte(random);
  }
}

// The file in pieces: what stands before the chunks, and the chunks, uncompressed.
struct Pieces {
  Bytes head;
  std::vector<trace::Chunk> chunks;
};

Pieces take_apart(const Bytes& good) {
  Pieces pieces;
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(good, "good");
  for (const trace::TraceFile::ChunkRef& ref : file->chunks()) {
    pieces.chunks.push_back(*file->read(ref));
  }
  pieces.head.assign(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(file->chunks().front().offset));
  return pieces;
}

void append(Bytes& out, const void* bytes, std::size_t count) {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  out.insert(out.end(), from, from + count);
}

Bytes put_together(const Pieces& pieces) {
  Bytes out = pieces.head;
  for (const trace::Chunk& chunk : pieces.chunks) {
    trace::FileChunk header = chunk.header;
    header.codec = trace::Codec::none;
    header.raw_bytes = header.stored_bytes = static_cast<std::uint32_t>(chunk.payload.size());
    header.checksum = trace::chunk_checksum(header, chunk.payload.data());
    append(out, &header, sizeof(header));
    append(out, chunk.payload.data(), chunk.payload.size());
  }
  return out;
}

trace::Chunk& any(Pieces& pieces, Random& random) { return pieces.chunks[random() % pieces.chunks.size()]; }

void rearrange(std::vector<trace::Chunk>& chunks, Random& random) {
  const std::size_t at = random() % chunks.size();
  const auto place = chunks.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random() % 3) {
    case 0:
      chunks.erase(place);
      break;
    case 1:
      chunks.insert(place, trace::Chunk(chunks[at]));
      break;
    default:
      std::swap(chunks[at], chunks[random() % chunks.size()]);
  }
}

Bytes with_changed_header(const Bytes& good, Random& random) {
  Bytes bytes = put_together(take_apart(good));
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(bytes, "good");
  const auto& chunks = file->chunks();
  change(bytes.data() + chunks[random() % chunks.size()].offset, sizeof(trace::FileChunk), random);
  repair_checksums(bytes);
  return bytes;
}

Bytes with_changed_storage(Bytes bytes, Random& random) {
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(bytes, "good");
  const trace::TraceFile::ChunkRef& chunk = file->chunks()[random() % file->chunks().size()];
  change(bytes.data() + chunk.offset + sizeof(trace::FileChunk), chunk.header.stored_bytes, random);
  repair_checksums(bytes);
  return bytes;
}

}  // namespace

Bytes damaged(const Bytes& good, std::uint64_t number) {
  Random random(number);
  if (damage_of(number) == Damage::cut) {
    return {good.begin(), good.begin() + static_cast<std::ptrdiff_t>(random() % good.size())};
  }
  if (damage_of(number) == Damage::flip) {
    Bytes bytes = good;
    const std::uint8_t bit = static_cast<std::uint8_t>(1u << random() % 8);
    bytes[random() % bytes.size()] ^= bit;
    return bytes;
  }
  if (damage_of(number) == Damage::stored) {
    return with_changed_storage(good, random);
  }
  if (damage_of(number) == Damage::header) {
    return with_changed_header(good, random);
  }
  Pieces pieces = take_apart(good);
  if (damage_of(number) == Damage::payload) {
    Bytes& payload = any(pieces, random).payload;
    change(payload.data(), payload.size(), random);
  } else {
    rearrange(pieces.chunks, random);
  }
  return put_together(pieces);
}

}  // namespace gordian::test
