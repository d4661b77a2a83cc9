// SPDX-License-Identifier: Apache-2.0
// One of the drainer's threads makes the ring's chunks ready for the file: its own reducer, coder, and copy of a
// payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/launch/access_reducer.h"
#include "analyzer/launch/chunk_coder.h"
#include "analyzer/launch/shared_ring.h"

namespace gordian::analysis {

class DrainWorker {
 public:
  // `every_access`: nothing is left out. `hurries`: what is compressed takes less time and more room.
  DrainWorker(bool every_access, bool hurries);
  // The first of these chunks of one stream, in its order, and as many more as can be joined with it; `sequence`: the
  // number of all that.
  struct Ready {
    CodedChunk chunk;  // valid until the next one
    std::size_t count = 0;
  };
  Ready make_ready(const SharedRing& ring, std::span<const ChunkView> chunks, std::uint64_t sequence);
  // The last chunk was not stored.
  void forget();

 private:
  std::size_t reduce(const SharedRing& ring, std::span<const ChunkView> chunks);

  bool every_access_;
  std::optional<AccessReducer> reducer_;  // from its first use on: it is large
  ChunkCoder coder_;
  std::vector<std::uint8_t> copy_;
};

}  // namespace gordian::analysis
