// SPDX-License-Identifier: Apache-2.0
// What the two sides of a race touched: the global that contains it; else the block of memory, under the name that the
// program has for what is inside.
#pragma once

#include <cstdint>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/memory_blocks.h"
#include "analyzer/model/past_access.h"

namespace gordian::analysis {

// `address`: a byte that both touch; `block`: what has it, null if no block is known.
ObjectRef raced_object(const Scene& scene, const PastAccess& one, const PastAccess& other, std::uint64_t address,
                       const MemoryBlock* block);

}  // namespace gordian::analysis
