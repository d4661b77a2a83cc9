// SPDX-License-Identifier: Apache-2.0
// Misuse of channels, WaitGroups and locks, as the runtime said it: a panic or fatal error whose code has a misuse
// subkind in panics.def. It did happen, so it is observed, also when the program recovered from it. Whatever made it
// wrong is told with it: the close before a second close or before a send, the changes of a WaitGroup's counter, where
// a lock was taken that ought not to be held. What nobody can say before the end, the detector finds itself: a thread
// that has ended when main returns, and was neither joined nor detached (as ThreadSanitizer's "thread leak").
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/model/flat_map.h"

namespace gordian::analysis {

class Misuse : public Detector {
 public:
  explicit Misuse(const Scene& scene) : scene_(scene) {}

  void step(const Step& step) override;
  void finish(std::vector<Finding>& findings) override;

 private:
  struct Deed {
    ActorId actor{};
    Place place;
    bool operator<(const Deed& other) const { return std::tie(actor, place) < std::tie(other.actor, other.place); }
    bool operator==(const Deed&) const = default;
  };

  void note_hold(const trace::Panic& panic);
  [[nodiscard]] std::vector<Deed> causes(const PanicRecord& panic) const;
  [[nodiscard]] bool is_misuse(const PanicRecord& panic) const;
  void add_threads_left(std::vector<Finding>& findings) const;
  [[nodiscard]] Finding make(const PanicRecord& panic, std::string_view subkind) const;

  const Scene scene_;
  FlatMap<ObjectId, Deed> closes_;             // the first of each channel
  FlatMap<ObjectId, Deed> unlocks_;            // the latest of each lock
  FlatMap<ObjectId, Deed> holds_;              // the one that is told of
  FlatMap<ObjectId, std::vector<Deed>> adds_;  // the first different places
};

}  // namespace gordian::analysis
