// SPDX-License-Identifier: Apache-2.0
// A goroutine that counts itself: WaitGroup::add and done of one group in its body, nothing added by whoever starts it,
// and a wait() that the starter may reach first: it finds the counter at 0 and does not wait. A goroutine that adds for
// others is right.
#include "instrument/lint/check.h"
#include "instrument/lint/escape.h"
#include "instrument/lint/starts.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;

// The group that the goroutine adds to, and where.
struct Adding {
  Place group;
  const Stmt* at;
};

bool calls(const Stmt* code, std::string_view name, const Place& group, Lambdas lambdas) {
  return any_below(code, [&](const Stmt& node) { return wait_group_call(node, name) == group; }, lambdas);
}

std::optional<Adding> adding_in(const Stmt& code) {
  std::optional<Adding> adding;
  walk(&code, [&](const Stmt& node) {
    auto group = adding ? std::nullopt : wait_group_call(node, "add");
    if (group) {
      adding = Adding{std::move(*group), &node};
    }
  });
  return adding;
}

// Does a goroutine started below mention the group? Then the add may be for it.
bool adds_for_others(const Stmt& code, const Place& group) {
  for (const Start& inner : starts_below(code)) {
    if (inner.group == group ||
        (inner.body != nullptr && calls(inner.body->getBody(), "done", group, Lambdas::enter)) ||
        inner.body == nullptr) {
      return true;
    }
  }
  return false;
}

bool is_counted_outside(const Body& body, const Place& group) {
  return calls(&body.code(), "add", group, Lambdas::skip) || calls(&body.code(), "go", group, Lambdas::skip);
}

void look_at(Body& body, const Start& start, Findings& findings) {
  const Stmt& code = *start.body->getBody();
  const auto adding = adding_in(code);
  if (!adding || !calls(&code, "done", adding->group, Lambdas::enter) || adds_for_others(code, adding->group) ||
      is_counted_outside(body, adding->group)) {
    return;
  }
  const Reaches waits = [&](const CFGElement& element) -> std::optional<SourceLocation> {
    const auto step = element.getAs<CFGStmt>();
    const bool found = step && wait_group_call(*step->getStmt(), "wait") == adding->group;
    return found ? std::optional(step->getStmt()->getBeginLoc()) : std::nullopt;
  };
  if (const auto where = escape(body, *start.at, waits, SourceLocation())) {
    const std::string name = "'" + adding->group.spelled() + "'";
    findings.push_back({Check::waitgroup_add_inside,
                        adding->at->getBeginLoc(),
                        name + " is added to in the goroutine that it counts; call add before the goroutine starts",
                        {{start.at->getBeginLoc(), "the goroutine starts here"},
                         {*where, "this wait may come before the add, and then waits for nothing"}},
                        {},
                        ""});
  }
}

}  // namespace

void waitgroup_add_inside(Body& body, Findings& findings) {
  for (const Start& start : starts_below(body.code())) {
    if (start.body != nullptr) {
      look_at(body, start, findings);
    }
  }
}

}  // namespace gordian::lint
