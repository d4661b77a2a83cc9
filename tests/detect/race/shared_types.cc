// SPDX-License-Identifier: Apache-2.0
// AtomicValue, SyncMap, OnceValue, ErrGroup and SingleFlight order as they promise.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <memory>
#include <string>

int main() {
  gordian::AtomicValue config;
  gordian::SyncMap<std::string, std::shared_ptr<int>> map;
  gordian::OnceValue made{[] { return std::string("made"); }};
  gordian::SingleFlight<int, std::string> flights;
  gordian::Atomic<bool> ready;
  int plain = 0;
  gordian::ErrGroup group;
  group.set_limit(3);
  for (int i = 0; i < 6; ++i) {
    group.go([&, i] {
      if (i == 0) {
        map.store("key", std::make_shared<int>(7));
        config.store(std::string("long enough to lie on the heap, not in the string itself"));
        plain = 1;
        ready.store(true);
      }
      if (const auto value = map.load("key")) static_cast<void>(**value + 1);
      if (const std::any value = config.load(); value.has_value()) static_cast<void>(config.load<std::string>().size());
      if (made() != "made" || flights.call(1, [] { return std::string("flown"); }).value != "flown") __builtin_trap();
      if (ready.load() && plain != 1) __builtin_trap();
    });
  }
  group.wait();
}
