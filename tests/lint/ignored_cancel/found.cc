// SPDX-License-Identifier: Apache-2.0
// Contexts that nobody will cancel.
// RUN: not %lint --checks=ignored-cancel %s -- %headers | FileCheck %s
#include <gordian/context.h>
#include <gordian/gordian.h>

#include <chrono>

using namespace std::chrono_literals;
void use(const gordian::Context& context);

void unused_name() {
  // CHECK: :[[#@LINE+1]]:14: warning: the CancelFunc of 'with_cancel' is never used: 'cancel' [gordian-ignored-cancel]
  auto [ctx, cancel] = gordian::with_cancel(gordian::background());
  use(ctx);
}

void cast_away(const gordian::Context& parent) {
  // CHECK: :[[#@LINE+1]]:14: warning: the CancelFunc of 'with_timeout' is never used: 'stop'
  auto [ctx, stop] = gordian::with_timeout(parent, 1s);
  (void)stop;
  use(ctx);
}

void only_the_context(const gordian::Context& parent) {
  // CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: the CancelFunc of 'with_cancel' is thrown away
  const auto ctx = gordian::with_cancel(parent).first;
  use(ctx);
}

void kept_in_a_pair(const gordian::Context& parent) {
  // CHECK: :[[#@LINE+1]]:8: warning: the CancelFunc of 'with_cancel' is never used: it stays in 'both'
  auto both = gordian::with_cancel(parent);
  use(both.first);
}

void thrown_away(const gordian::Context& parent) {
  // CHECK: :[[#@LINE+1]]:9: warning: the CancelFunc of 'with_cancel' is thrown away
  (void)gordian::with_cancel(parent);
}
// CHECK-NOT: warning:
