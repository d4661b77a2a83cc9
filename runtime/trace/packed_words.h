// SPDX-License-Identifier: Apache-2.0
// The codec `packed`: a lossless code of any sequence of 64-bit words, made for those of access chunks, of which each
// is told by what the ones before let expect. FORMAT.md, section 9, has the bytes. It takes a fraction of the time that
// lz4 takes, and half the room.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace gordian::trace {

namespace packed {
struct Tables;
}

// Keeps its memory, of which it clears the little that a chunk begins with.
class WordPacker {
 public:
  WordPacker();
  WordPacker(WordPacker&&) noexcept;
  WordPacker& operator=(WordPacker&&) noexcept;
  ~WordPacker();
  // Valid until the next call. May be longer than the words, but is no less than a 32nd of their bytes: four bits tell
  // two of them at most.
  std::span<const std::uint8_t> pack(std::span<const std::uint64_t> words);

 private:
  std::unique_ptr<packed::Tables> tables_;
  std::vector<std::uint64_t> items_;
  std::vector<std::uint64_t> verbatim_;
  std::vector<std::uint8_t> tags_;
  std::vector<std::uint8_t> out_;
};

// False: the bytes do not hold exactly so many words. They may be any.
bool unpack_words(std::span<const std::uint8_t> stored, std::span<std::uint64_t> words);

}  // namespace gordian::trace
