// SPDX-License-Identifier: Apache-2.0
// Findings as pictures: wait-for graphs, lock orders, the two lanes of a race. cgraph builds, gvc lays out and renders,
// in a child process with a deadline; nothing writes SVG or DOT by hand. Same findings, same bytes. The visual
// language: shape = what it is, colour = who is guilty, line = how strong, number = where the text says it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"
#include "runtime/base/result.h"

namespace gordian::analysis::drawing {

enum class Format : std::uint8_t { svg, png, pdf, dot };

// By the extension, any case; nothing for an unknown one.
std::optional<Format> format_of(std::string_view file_name);

// An SVG follows the reader's own setting (automatic); PNG and PDF have one theme, automatic means light.
enum class Theme : std::uint8_t { automatic, light, dark };

struct DrawOptions {
  Format format = Format::svg;
  Theme theme = Theme::automatic;
  // The finding's number in its report (finding/phrases.h: tag_of), part of every id in the SVG. Empty: the letter of
  // its kind and 1. Several findings number themselves.
  std::string tag;
  std::chrono::milliseconds deadline{20'000};  // for layout and rendering
};

struct Drawing {
  std::string bytes;
  Format format = Format::svg;  // dot instead of the asked one if the layout missed its deadline
  std::string note;             // why, and what to do; empty if all went well
};

// May be called from several threads; they take turns. Errors: usage = this finding has nothing to draw (a misuse).
Result<Drawing> draw(const Finding& finding, const DrawOptions& options);

// One cluster per finding, tiled. Races alone: their lanes under each other; among others they are left out, and the
// note says so. Findings with nothing to draw are left out; only such findings is an error.
Result<Drawing> draw(std::span<const Finding> findings, const DrawOptions& options);

}  // namespace gordian::analysis::drawing
