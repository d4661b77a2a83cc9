// SPDX-License-Identifier: Apache-2.0
// Compression after Lempel and Ziv (1977) in byte-wise tokens as LZ4 has them: a run of literals, then a match by
// distance and length. Positions with the same hash of four bytes are chained; the longest match among the last few
// wins.
#pragma once

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/bench/kernels/kernel.h"

namespace kernel {

class LzCompressor {
 public:
  std::string compress(std::string_view input) {
    input_ = input;
    heads_.fill(kNone);
    chain_.assign(input.size(), kNone);
    std::string output;
    std::size_t literals = 0;  // where those begin that are not written yet
    std::size_t at = 0;
    while (at + kMinMatch <= input.size()) {
      const Match match = find(at);
      if (match.length < kMinMatch) {
        remember(at++);
        continue;
      }
      put_token(output, input.substr(literals, at - literals), match);
      for (const std::size_t end = at + match.length; at < end; ++at) {
        remember(at);
      }
      literals = at;
    }
    put_token(output, input.substr(literals), {0, 0});
    return output;
  }

 private:
  static constexpr unsigned kHashBits = 13;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::size_t kMinMatch = 4;
  static constexpr std::size_t kMaxDistance = 65535;
  static constexpr int kMaxTries = 12;

  struct Match {
    std::size_t distance;
    std::size_t length;
  };

  [[nodiscard]] std::size_t hash(std::size_t at) const {
    std::uint32_t word = 0;
    std::memcpy(&word, input_.data() + at, sizeof(word));
    return word * 2654435761u >> (32 - kHashBits);
  }

  void remember(std::size_t at) {
    if (at + kMinMatch <= input_.size()) {
      std::uint32_t& head = heads_[hash(at)];
      chain_[at] = head;
      head = static_cast<std::uint32_t>(at);
    }
  }

  [[nodiscard]] Match find(std::size_t at) const {
    Match best{0, 0};
    std::uint32_t candidate = heads_[hash(at)];
    for (int tries = 0; candidate != kNone && at - candidate <= kMaxDistance && tries < kMaxTries; ++tries) {
      std::size_t length = 0;
      while (at + length < input_.size() && input_[candidate + length] == input_[at + length]) {
        ++length;
      }
      if (length > best.length) {
        best = {at - candidate, length};
      }
      candidate = chain_[candidate];
    }
    return best;
  }

  static void put_length(std::string& output, std::size_t length) {
    for (; length >= 255; length -= 255) {
      output.push_back('\xff');
    }
    output.push_back(static_cast<char>(length));
  }

  // Distance 0: the end.
  static void put_token(std::string& output, std::string_view literals, Match match) {
    put_length(output, literals.size());
    output += literals;
    output.push_back(static_cast<char>(match.distance & 0xff));
    output.push_back(static_cast<char>(match.distance >> 8));
    if (match.distance != 0) {
      put_length(output, match.length);
    }
  }

  std::string_view input_;
  std::array<std::uint32_t, std::size_t{1} << kHashBits> heads_;
  std::vector<std::uint32_t> chain_;
};

inline std::string lz_decompress(std::string_view input) {
  std::string output;
  std::size_t at = 0;
  const auto byte = [&] {
    require(at < input.size(), "the compressed text ends too early");
    return static_cast<std::uint8_t>(input[at++]);
  };
  const auto length = [&] {
    std::size_t sum = 0;
    for (std::uint8_t part = 255; part == 255; sum += part) {
      part = byte();
    }
    return sum;
  };
  for (;;) {
    const std::size_t literals = length();
    output += input.substr(at, literals);
    at += literals;
    const std::size_t low = byte();
    const std::size_t distance = low | static_cast<std::size_t>(byte()) << 8;
    if (distance == 0) {
      return output;
    }
    require(distance <= output.size(), "a match begins before the text");
    for (std::size_t left = length(); left > 0; --left) {
      output.push_back(output[output.size() - distance]);
    }
  }
}

}  // namespace kernel
