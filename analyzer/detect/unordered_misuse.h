// SPDX-License-Identifier: Apache-2.0
// Misuse that only luck prevented: two calls that the rules of the library want in one order, and that nothing orders.
// A send and the close of its channel: a send that comes too late panics. An add() from zero and a wait(): a wait()
// that comes too early does not wait (Go's race detector treats both pairs as accesses to one variable). An add() that
// begins the next round of a WaitGroup and a wait() of the round before.
//
// Potential, for no other schedule was tried; observed where a wait() did return before the first add(). "Nothing
// orders" is said of SeenOrder, which has more edges than happens-before. What the runtime refused in this very run is
// left to the panic that says so (misuse.h).
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/seen_order.h"

namespace gordian::analysis {

class UnorderedMisuse : public Detector {
 public:
  explicit UnorderedMisuse(const Scene& scene) : scene_(scene) {}

  void step(const Step& step) override;
  void finish(std::vector<Finding>& findings) override;

 private:
  struct Call {
    ActorId actor{};
    Place place;
    Epoch moment;
    // A wait, as its ticket tells: it has ended, and somebody had added before that.
    bool is_over = false;
    bool had_adds = false;
  };
  // The latest of each actor: who knows it knows the earlier ones. By slot, for an actor that takes another one's slot
  // knows what that one did.
  using Calls = std::map<Slot, Call>;
  struct Channel {
    Calls sends;
    Calls closes;
  };
  struct Group {
    Calls adds;  // from zero
    Calls waits;
    bool was_used = false;
  };
  struct Pair {
    ObjectId object{};
    Call one;      // the send, the add()
    Call another;  // the close, the wait()
    Certainty certainty = Certainty::potential;
    std::uint64_t count = 1;
  };
  using Key = std::tuple<std::string_view, Place, Place, ObjectId>;  // subkind, where `one` and `another` are

  void look(const Step& step);
  [[nodiscard]] Call call(const Step& step) { return {step.actor, step.place, order_.now(step.actor)}; }
  // Those that the actor of `call` knows nothing of.
  [[nodiscard]] std::vector<Call> unknown(const Calls& calls, const Call& call);
  void sent(const Step& step, ObjectId channel);
  void closed(const Step& step, ObjectId channel);
  void added(const Step& step, const trace::WgAdd& add);
  void begins_to_wait(const Step& step, ObjectId group);
  void waited(const Step& step, const trace::WgWait& wait);
  void found(std::string_view subkind, const Pair& pair);
  [[nodiscard]] bool is_struck(ObjectId object) const;
  [[nodiscard]] Finding make(std::string_view subkind, const Pair& pair) const;

  const Scene scene_;
  SeenOrder order_;
  std::unordered_map<ObjectId, Channel> channels_;
  std::unordered_map<ObjectId, Group> groups_;
  std::map<Key, Pair> pairs_;
};

}  // namespace gordian::analysis
