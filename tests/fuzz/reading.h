// SPDX-License-Identifier: Apache-2.0
// What is done with bytes that nobody vouches for, up to one legal sequence of named steps: all that reads a byte of a
// trace. Each target may refuse them, with words; it may not crash, hang, or ask for memory that the bytes do not
// account for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/result.h"

namespace gordian::test {

using Bytes = std::vector<std::uint8_t>;

inline constexpr const char* kName = "hostile.gtrace";

// A refusal without words is as bad as a crash.
void check_words(const Error& error);

// Makes the checksums of all chunks right, as far as chunks can be made out: what lies behind them is reached.
void repair_checksums(Bytes& bytes);

void read_file(std::span<const std::uint8_t> bytes);  // file, chunks, events, tables; the validator; the merge
void read_text(std::span<const std::uint8_t> bytes);  // the text twin; what it makes is read as a file

void pack_and_unpack(std::span<const std::uint8_t> bytes);  // taken for words, and for packed ones

}  // namespace gordian::test
