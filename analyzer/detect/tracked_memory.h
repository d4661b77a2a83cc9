// SPDX-License-Identifier: Apache-2.0
// The order of accesses and the lives of the memory that they touch, told of each step: frees that end a life are
// accesses of a kind, allocations that begin none make a block longer.
#pragma once

#include "analyzer/detect/happens_before.h"
#include "analyzer/detect/memory_blocks.h"

namespace gordian::analysis {

class TrackedMemory {
 public:
  // The rest: of HappensBefore.
  TrackedMemory(const Scene& scene, const World& world, AccessTracker& tracker)
      : order_(world, scene.stacks, tracker, {scene.time.elapsed_ns, scene.time.stored_bytes}), blocks_(scene) {}

  void step(const Step& step);
  [[nodiscard]] HappensBefore& order() { return order_; }
  [[nodiscard]] const HappensBefore& order() const { return order_; }
  [[nodiscard]] const MemoryBlocks& blocks() const { return blocks_; }

 private:
  HappensBefore order_;
  MemoryBlocks blocks_;
};

}  // namespace gordian::analysis
