// SPDX-License-Identifier: Apache-2.0
// Three hues only: blue runs, grey is waited for, vermilion is part of the finding. They stay apart for all three kinds
// of colour blindness, and every stroke has a contrast of at least 3:1 on its own background. Style.cc maps the light
// colours to the dark ones inside an SVG; a PNG is built with one of the two.
#pragma once

namespace gordian::analysis::drawing {

struct Palette {
  const char* background;
  const char* ink;
  const char* runs;  // stroke of goroutines and threads
  const char* runs_fill;
  const char* waited;  // stroke of resources and plain edges
  const char* waited_fill;
  const char* faint;  // nobody, left-out parts
  const char* guilty;
  const char* badge;  // behind a white number; the same in both themes
};

inline constexpr Palette kLight{"#ffffff", "#1f2328", "#0072b2", "#e3f1fb", "#57606a",
                                "#eef0f2", "#8b949e", "#d1380f", "#d1380f"};
inline constexpr Palette kDark{"#0d1117", "#e6edf3", "#58a6ff", "#0d2f4d", "#9aa4ae",
                               "#262c34", "#8b949e", "#ff7b5c", "#d1380f"};

inline constexpr const char* kOnBadge = "#ffffff";
// Arial first: Helvetica alone resolves to wider fonts on systems that have neither.
inline constexpr const char* kTextFont = "Arial,Helvetica,sans-serif";
inline constexpr const char* kCodeFont = "Liberation Mono,Menlo,Consolas,monospace";

}  // namespace gordian::analysis::drawing
