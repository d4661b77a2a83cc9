// SPDX-License-Identifier: Apache-2.0
// What traces are made of that cost as much as they can.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "runtime/trace/builder.h"
#include "tests/fuzz/targets.h"

namespace gordian::test {

constexpr std::uint64_t kMemory = 0x10000;

// One stream on which main runs, in a function with a few sites.
class Story {
 public:
  static constexpr std::uint64_t kWrite = 0;
  static constexpr std::uint64_t kRange = 1;
  static constexpr std::uint64_t kWide = 2;  // four gigabytes
  static constexpr std::uint64_t kByte = 3;

  Story() : stream(trace.stream()) {
    function = trace.units().function("main", "main.cc", 1);
    trace.units().access(2, "value", trace::AccessKind::write, 8);
    trace.units().access(3, "bytes", trace::AccessKind::write, 0);
    trace.units().access(5, "all", trace::AccessKind::write, 0xffffffff);
    trace.units().access(6, "byte", trace::AccessKind::write, 1);
    trace.units().call(4, "gordian::Mutex::lock", "mu");
    stream.event(trace::ThreadStart{1, 100});
    run(1);
  }

  void run(std::uint64_t actor) { stream.event(trace::Switch{actor, ++runs_[actor], ++cycles}).call(0, function); }
  // The one that runs makes way for another.
  void yield_to(std::uint64_t now, std::uint64_t next) {
    stream.event(trace::Ready{now, runs_[now]});
    run(next);
  }
  std::uint64_t object(trace::ObjectKind kind, std::uint64_t capacity = 0) {
    stream.op(trace::Object{1, ++objects_, static_cast<std::uint64_t>(kind), 0, capacity});
    return objects_;
  }
  void block(trace::WaitReason reason, std::vector<std::uint64_t> objects) {
    stream.op(trace::Block{1, static_cast<std::uint64_t>(reason), ++cycles, objects});
  }
  // Of as many members as can be, far from each other.
  std::uint64_t group() {
    trace::UnitTable table = trace.units().table();
    trace::SiteFunction& own = table.functions.back();
    table.groups.push_back({0, trace::kMostGroupMembers});
    for (std::uint32_t i = 0; i < trace::kMostGroupMembers; ++i) {
      table.group_members.push_back({static_cast<std::uint32_t>(kWrite), static_cast<std::int32_t>(i << 24)});
    }
    own.group_count = 1;
    trace.units() = trace::UnitBuilder(table);
    return own.site_count;
  }
  [[nodiscard]] Bytes bytes() { return trace.bytes(); }

  trace::TraceBuilder trace;
  trace::StreamBuilder& stream;
  FunctionId function;
  std::uint64_t cycles = 0;

 private:
  std::map<std::uint64_t, std::uint64_t> runs_;
  std::uint64_t objects_ = 0;
};

}  // namespace gordian::test
