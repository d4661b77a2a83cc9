// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known word nearest to a misspelt one, by edit distance with swaps (Damerau-Levenshtein, optimal
// string alignment). Nothing if all are too far away to be meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gordian::cli {

std::size_t edit_distance(std::string_view from, std::string_view to);

std::optional<std::string> suggest(std::string_view word, const std::vector<std::string>& known);

}  // namespace gordian::cli
