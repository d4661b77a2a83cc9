// SPDX-License-Identifier: Apache-2.0
// Pairs of calls that the rules of the library want in one order and that nothing orders: a send and the close of its
// channel, an add() from zero and a wait(), an add() that begins the next round of a WaitGroup and a wait() of the
// round before. What "orders" means is the caller's choice: whose clocks are asked.
//
// The merged order respects every edge: of two calls only the later one can know the earlier one.
#pragma once

#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyzer/detect/clocks.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

class UnorderedCalls {
 public:
  struct Call {
    ActorId actor{};
    Place place;
    Epoch moment;
    // A wait, as its ticket tells: it has ended, and somebody had added before that.
    bool is_over = false;
    bool had_adds = false;
  };
  struct Pair {
    ObjectId object{};
    Call one;      // the send, the add()
    Call another;  // the close, the wait()
    Certainty certainty = Certainty::potential;
    std::uint64_t count = 1;

    // One more of the same: the most certain is shown.
    void add(const Pair& other);
  };
  using Key = std::tuple<std::string_view, Place, Place, ObjectId>;  // subkind, where `one` and `another` are

  explicit UnorderedCalls(Clocks& order) : order_(order) {}

  // Each step, before the clocks take it in: what an actor knew when it began.
  void step(const Step& step);
  [[nodiscard]] const std::map<Key, Pair>& pairs() const { return pairs_; }

 private:
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

  [[nodiscard]] Call call(const Step& step) { return {step.actor, step.place, order_.actor(step.actor).use()}; }
  // Those that the actor of `call` knows nothing of.
  [[nodiscard]] std::vector<Call> unknown(const Calls& calls, const Call& call);
  void sent(const Step& step, ObjectId channel);
  void closed(const Step& step, ObjectId channel);
  void added(const Step& step, const trace::WgAdd& add);
  void begins_to_wait(const Step& step, ObjectId group);
  void waited(const Step& step, const trace::WgWait& wait);
  void found(std::string_view subkind, const Pair& pair);

  Clocks& order_;
  StableMap<ObjectId, Channel> channels_;
  StableMap<ObjectId, Group> groups_;
  std::map<Key, Pair> pairs_;
};

}  // namespace gordian::analysis
