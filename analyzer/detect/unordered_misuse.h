// SPDX-License-Identifier: Apache-2.0
// Misuse that only luck prevented: two calls that the rules of the library want in one order, and that nothing orders.
// A send and the close of its channel: a send that comes too late panics. An add() from zero and a wait(): a wait()
// that comes too early does not wait (Go's race detector treats both pairs as accesses to one variable). An add() that
// begins the next round of a WaitGroup and a wait() of the round before.
//
// Potential, for no other schedule was tried; observed where a wait() did return before the first add(). "Nothing
// orders" is said of SeenOrder, whose clocks are a second set: only a trace that has candidates is read again for them.
// The candidates come from the race detector's clocks. SeenOrder has all edges of happens-before and more, so a pair
// that it leaves open is open there, too. What the runtime refused in this very run is left to the panic that says so
// (misuse.h).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/seen_order.h"
#include "analyzer/detect/unordered_calls.h"

namespace gordian::analysis {

class UnorderedMisuse : public Detector {
 public:
  // The clocks of the race detector, which must see each step later.
  UnorderedMisuse(const Scene& scene, Clocks& happens_before) : scene_(scene), candidates_(happens_before) {}

  void step(const Step& step) override { candidates_.step(step); }
  Observer* again() override;
  void finish(std::vector<Finding>& findings) override;

 private:
  class SecondLook : public Observer {
   public:
    SecondLook() : calls_(order_.clocks()) {}
    void step(const Step& step) override {
      calls_.step(step);
      order_.step(step);
    }
    [[nodiscard]] const UnorderedCalls& calls() const { return calls_; }

   private:
    SeenOrder order_;
    UnorderedCalls calls_;
  };

  [[nodiscard]] bool is_struck(ObjectId object) const;
  [[nodiscard]] Finding make(std::string_view subkind, const UnorderedCalls::Pair& pair) const;

  const Scene scene_;
  UnorderedCalls candidates_;
  std::optional<SecondLook> second_;
};

}  // namespace gordian::analysis
