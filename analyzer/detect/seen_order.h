// SPDX-License-Identifier: Apache-2.0
// What cannot change places as long as every atomic reads what it read: happens-before, and besides, who reads an
// atomic or changes it knows all that its last writer knew, whatever the memory orders say. A flag that is stored after
// a send and awaited before the close keeps the two apart although it may be relaxed: were the channel's own lock taken
// in the other order, the load would read a store that it happens before. The race detector must not use that, memory
// that no lock protects obeys the weaker relation; who says that two calls could come in the other order must.
#pragma once

#include "analyzer/detect/clocks.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

class SeenOrder {
 public:
  void step(const Step& step);
  [[nodiscard]] Clocks& clocks() { return clocks_; }

 private:
  void atomic(const Step& step, trace::Atomic operation);

  Clocks clocks_;
};

}  // namespace gordian::analysis
