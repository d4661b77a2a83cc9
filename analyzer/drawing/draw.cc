// SPDX-License-Identifier: Apache-2.0
// Finding -> sketch -> cgraph -> gvc -> style sheet. What cannot be drawn in time is still given as DOT text.
#include "analyzer/drawing/draw.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "analyzer/drawing/canvas.h"
#include "analyzer/drawing/compose.h"
#include "analyzer/drawing/race_sketch.h"
#include "analyzer/drawing/render.h"
#include "analyzer/drawing/style.h"
#include "analyzer/drawing/wait_sketch.h"
#include "analyzer/finding/phrases.h"

namespace gordian::analysis::drawing {
namespace {

bool can_draw(const Finding& finding) { return !finding.graph.nodes.empty() || finding.lanes.size() == 2; }

Sketch sketch_of(const Finding& finding, const std::string& tag) {
  return finding.graph.nodes.empty() ? race_sketch(finding, tag) : wait_sketch(finding, tag);
}

const Palette& palette_of(const DrawOptions& options) {
  const bool dark = options.theme == Theme::dark && options.format != Format::svg;
  return dark ? kDark : kLight;
}

Result<Drawing> rendered(Canvas& canvas, const std::string& engine, const Palette& palette,
                         const DrawOptions& options) {
  const std::string dot = canvas.dot();
  if (options.format == Format::dot) return Drawing{dot, Format::dot, ""};
  if (options.format != Format::svg) Canvas::set(canvas.root(), "bgcolor", palette.background);
  Result<std::optional<std::string>> picture = render(canvas.root(), engine, options.format, options.deadline);
  if (!picture) return picture.error();
  if (!picture->has_value()) {
    return Drawing{dot, Format::dot, "the layout did not end in time; this is the graph as DOT text instead"};
  }
  std::string bytes = std::move(**picture);
  if (options.format == Format::svg) bytes = with_style(std::move(bytes), options.theme);
  return Drawing{std::move(bytes), options.format, ""};
}

Result<Drawing> draw_one(const Sketch& sketch, const DrawOptions& options) {
  const Palette& palette = palette_of(options);
  const std::lock_guard lock(graphviz_mutex());
  Canvas canvas(sketch.kind);
  compose(canvas, sketch, palette);
  return rendered(canvas, sketch.placed ? "nop" : "dot", palette, options);
}

// Packing reads freed memory inside Graphviz 2.42 (valgrind: agclose of a component) and can crash the child. One
// cluster is not packed at all, and what died packed is drawn once more without.
Result<Drawing> draw_all(const std::vector<Sketch>& sketches, const std::string& engine, const DrawOptions& options) {
  if (sketches.size() == 1) return draw_one(sketches.front(), options);
  const Palette& palette = palette_of(options);
  const std::lock_guard lock(graphviz_mutex());
  Canvas canvas("findings");
  compose(canvas, sketches, palette);
  Result<Drawing> drawing = rendered(canvas, engine, palette, options);
  if (drawing) return drawing;
  Canvas::set(canvas.root(), "pack", "");
  Canvas::set(canvas.root(), "packmode", "");
  return rendered(canvas, engine, palette, options);
}

Error nothing_to_draw(const std::string& id) {
  return Error{ErrorKind::usage, id, "this finding has no graph", "gordian explain tells it in full"};
}

}  // namespace

std::optional<Format> format_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::string extension(file_name.substr(dot + 1));
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::pair<std::string_view, Format> kFormats[] = {
      {"svg", Format::svg}, {"png", Format::png}, {"pdf", Format::pdf}, {"dot", Format::dot}, {"gv", Format::dot}};
  for (const auto& [name, format] : kFormats) {
    if (extension == name) return format;
  }
  return std::nullopt;
}

Result<Drawing> draw(const Finding& finding, const DrawOptions& options) {
  if (!can_draw(finding)) return nothing_to_draw(finding.id);
  return draw_one(sketch_of(finding, options.tag.empty() ? tag_of({&finding, 1}, 0) : options.tag), options);
}

Result<Drawing> draw(std::span<const Finding> findings, const DrawOptions& options) {
  std::vector<Sketch> graphs, races;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!can_draw(findings[i])) continue;
    Sketch sketch = sketch_of(findings[i], tag_of(findings, i));
    (sketch.placed ? races : graphs).push_back(std::move(sketch));
  }
  if (graphs.empty() && races.empty()) return nothing_to_draw("findings");
  if (graphs.empty()) {
    if (races.size() > 1) stack_races(races);
    return draw_all(races, "nop", options);
  }
  Result<Drawing> drawing = draw_all(graphs, "dot", options);
  if (drawing && !races.empty() && drawing->note.empty()) {
    drawing->note = "races have lanes of their own and are not in this drawing; draw them apart";
  }
  return drawing;
}

}  // namespace gordian::analysis::drawing
