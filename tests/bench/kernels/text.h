// SPDX-License-Identifier: Apache-2.0
// Text to compress and to count: words of a made-up language, the first ones of the dictionary far more often than the
// last, now and then a passage that has occurred before.
#pragma once

#include <string>
#include <string_view>

#include "tests/bench/kernels/kernel.h"

namespace kernel {

inline std::vector<std::string> make_dictionary(std::size_t words, Random& random) {
  std::vector<std::string> dictionary(words);
  for (std::string& word : dictionary) {
    for (std::uint64_t letters = 2 + random.below(8); letters-- > 0;) {
      word.push_back("etaoinshrdlucmfwypvbgkjqxz"[random.below(26) * random.below(26) / 26]);
    }
  }
  return dictionary;
}

// `repeats` of 100 passages are copies of what stands further ahead.
inline std::string make_text(std::size_t bytes, std::uint64_t seed, std::uint64_t repeats) {
  constexpr std::size_t kPassage = 16384;
  Random random(seed);
  const std::vector<std::string> dictionary = make_dictionary(4096, random);
  std::string text;
  while (text.size() < bytes) {
    const std::size_t passages = text.size() / kPassage;
    if (passages > 1 && random.below(100) < repeats) {
      text += std::string(text, random.below(passages - 1) * kPassage, kPassage);
      continue;
    }
    for (const std::size_t end = text.size() + kPassage; text.size() < end;) {
      text += dictionary[random.below(dictionary.size()) * random.below(dictionary.size()) / dictionary.size()];
      text.push_back(' ');
    }
  }
  text.resize(bytes);
  return text;
}

}  // namespace kernel
