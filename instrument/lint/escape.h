// SPDX-License-Identifier: Apache-2.0
// Looks for a way through a function from the start of a goroutine to a point (the end of a variable's life, say) on
// which nothing waits. Conditions may hang together in ways that a control-flow graph does not show, so at a branch
// that the start does not govern every way has to lead there; at one that surely comes after it, or that depends on
// parameters alone, one way is enough.
#pragma once

#include <clang/Analysis/CFG.h>

#include <functional>
#include <optional>

#include "instrument/lint/check.h"
#include "instrument/lint/starts.h"

namespace gordian::lint {

// Where the way ends: the place in the source, for a note.
using Reaches = std::function<std::optional<clang::SourceLocation>(const clang::CFGElement&)>;

// The point found, or nothing. `reaches` is asked of every element after the start; leaving the function counts as
// reaching if `at_exit` is a location.
std::optional<clang::SourceLocation> escape(Body& body, const clang::Expr& start, const Reaches& reaches,
                                            clang::SourceLocation at_exit);

}  // namespace gordian::lint
