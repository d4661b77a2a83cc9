// SPDX-License-Identifier: Apache-2.0
// A CancelFunc that is called, deferred, handed on or kept.
// RUN: %lint --checks=ignored-cancel %s -- %headers 2>&1 | count 0
#include <gordian/context.h>
#include <gordian/gordian.h>

#include <chrono>
#include <map>

using namespace std::chrono_literals;
void use(const gordian::Context& context);

void called(const gordian::Context& parent) {
  auto [ctx, cancel] = gordian::with_cancel(parent);
  use(ctx);
  cancel();
}

void deferred(const gordian::Context& parent) {
  auto [ctx, cancel] = gordian::with_timeout(parent, 1s);
  GORDIAN_DEFER { cancel(); };
  use(ctx);
}

void in_a_goroutine(const gordian::Context& parent) {
  auto [ctx, cancel] = gordian::with_cancel(parent);
  gordian::go([stop = cancel] { stop(); });
  use(ctx);
}

auto returned(const gordian::Context& parent) {
  auto [ctx, cancel] = gordian::with_cancel(parent);
  use(ctx);
  return cancel;
}

auto both_returned(const gordian::Context& parent) { return gordian::with_cancel(parent); }

std::map<int, gordian::CancelFunc> stops;
void kept(int id, const gordian::Context& parent) {
  auto [ctx, cancel] = gordian::with_cancel(parent);
  stops.emplace(id, cancel);
  use(ctx);
}

void pair_is_used(const gordian::Context& parent) {
  auto both = gordian::with_cancel(parent);
  use(both.first);
  both.second();
}

void only_the_function(const gordian::Context& parent) {
  const auto cancel = gordian::with_cancel(parent).second;
  cancel();
}

void no_cancel(const gordian::Context& parent) {
  int cancel = 0;
  const auto copy = parent;
  use(copy);
}
