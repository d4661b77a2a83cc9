// SPDX-License-Identifier: Apache-2.0
// What the program calls each synchronisation object. It may know one by several names: `door.latch_` where it lives,
// `Door::latch_` behind `this`, `m` as a parameter. The most telling of all that the trace holds is taken, by a total
// order: who came first, and how often, is chance.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/ingest/symbols.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

// Best first.
enum class NameRank : std::uint8_t {
  made,       // where a channel is made; all others are first met where they are first used
  path,       // `door.latch_`
  member,     // `Door::latch_`
  variable,   // `m`: its own, or a reference of a helper's
  pointer,    // `*m` tells of the way, not of the thing
  at_unlock,  // in the destructor of who knows which guard
  unknown
};

[[nodiscard]] bool is_lock(trace::ObjectKind kind);
// The call waits for something else than the lock that it gives up and takes again meanwhile.
[[nodiscard]] bool is_wait(std::string_view callee);

class ObjectNames : public Observer {
 public:
  ObjectNames(const Symbols& symbols, const StackTable& stacks) : symbols_(symbols), stacks_(stacks) {}
  void step(const Step& step) override;
  // "" if it has none.
  [[nodiscard]] std::string of(ObjectId object) const;

 private:
  struct Name {
    NameRank rank = NameRank::unknown;
    std::string_view text;
    auto operator<=>(const Name&) const = default;
  };
  struct Call {
    Name name;
    bool waits = false;
  };
  struct Offer;  // one overload per kind of event

  // What the innermost frame of the user's own says; the same for all the frames inside it.
  const Call& call_at(const Place& place);
  [[nodiscard]] static Call call_of(const CallWords& words);

  const Symbols& symbols_;
  const StackTable& stacks_;
  std::vector<Call> calls_{Call{}};             // 0: nothing is known
  FlatMap<std::uint64_t, std::uint32_t> seen_;  // 1 + the number of the call, by place
  FlatMap<ObjectId, Name> names_;
};

}  // namespace gordian::analysis
