// SPDX-License-Identifier: Apache-2.0
// A stream runs on until its next event misses something; it is then parked under that Need, and whoever provides the
// Need puts it back on the work list. Every event is looked at once, plus once per Need it waited for.
//
// A gap (lost events, a damaged trace) leaves parked streams and an empty work list. Then one event is taken although
// something is missing, the least surprising one, and counted.
#include "analyzer/ingest/merge.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "analyzer/ingest/access_cursor.h"
#include "analyzer/ingest/order.h"
#include "analyzer/ingest/stream_cursor.h"
#include "analyzer/model/flat_map.h"

namespace gordian::analysis {
namespace {

struct Stream {
  StreamId id{};
  SyncCursor sync;
  AccessCursor accesses;
  ActorId actor{};        // who runs on it
  std::size_t known = 0;  // Order::missing
  Need parked{};
  Stream* next_parked = nullptr;  // in the same chain
};

// The streams that wait, in chains by the hash of what they need.
class Parked {
 public:
  explicit Parked(std::size_t streams) : chains_(std::bit_ceil(2 * streams + 1)) {}

  void add(Stream& stream, const Need& need) {
    stream.parked = need;
    *find(chain(need), nullptr) = &stream;
    ++size_;
  }
  void remove(Stream& stream) {
    take(*find(chain(stream.parked), &stream));
    --size_;
  }
  // Moves all that need this to `work`.
  void release(const Need& need, std::vector<Stream*>& work) {
    for (Stream** link = &chain(need); size_ > 0 && *link != nullptr;) {
      Stream& stream = **link;
      if (stream.parked == need) {
        take(*link);
        --size_;
        work.push_back(&stream);
      } else {
        link = &stream.next_parked;
      }
    }
  }

 private:
  Stream*& chain(const Need& need) { return chains_[Need::Hash()(need) & (chains_.size() - 1)]; }
  // The link of the chain that holds `stream`; nullptr: its end.
  static Stream** find(Stream*& first, const Stream* stream) {
    Stream** link = &first;
    while (*link != stream) {
      link = &(*link)->next_parked;
    }
    return link;
  }
  static void take(Stream*& link) {
    Stream& stream = *link;
    link = std::exchange(stream.next_parked, nullptr);
    stream.parked = {};
  }

  std::vector<Stream*> chains_;
  std::size_t size_ = 0;
};

// The actor for which the event completes an operation; none if it acts for whoever runs on the stream.
struct OnBehalf {
  template <class Event>
  ActorId operator()(const Event& event) const {
    if constexpr (requires { event.site, event.actor, event.run; }) {
      return ActorId(event.actor);
    }
    return {};
  }
};

struct SiteOf {
  template <class Event>
  std::uint32_t operator()(const Event& event) const {
    if constexpr (requires { event.site; }) {
      return static_cast<std::uint32_t>(event.site);
    }
    return 0;
  }
};

class Merger {
 public:
  Merger(const trace::TraceFile& file, const Symbols& symbols, StackTable& stacks,
         const std::vector<Observer*>& observers)
      : file_(file), observers_(observers) {
    std::copy_if(observers.begin(), observers.end(), std::back_inserter(access_observers_),
                 [](const Observer* observer) { return observer->wants_accesses(); });
    if (!access_observers_.empty() && std::ranges::all_of(access_observers_, &Observer::wants_footprints)) {
      footprints_.emplace();
    }
    std::map<std::uint32_t, std::pair<ChunkRefs, ChunkRefs>> chunks;
    for (const trace::TraceFile::ChunkRef& ref : file.chunks()) {
      if (ref.header.family == trace::Family::sync) {
        chunks[ref.header.stream].first.push_back(&ref);
      } else if (ref.header.family == trace::Family::access) {
        chunks[ref.header.stream].second.push_back(&ref);
      }
    }
    for (auto& [id, families] : chunks) {
      sort(families.first);
      sort(families.second);
      streams_.push_back(
          std::make_unique<Stream>(Stream{StreamId(id), SyncCursor(file, std::move(families.first), stacks),
                                          AccessCursor(file, std::move(families.second), symbols, stacks)}));
    }
    parked_ = Parked(streams_.size());
  }

  Result<MergeSummary> run();

 private:
  static void sort(ChunkRefs& refs) {
    std::sort(refs.begin(), refs.end(), [](const auto* a, const auto* b) {
      return std::pair(a->header.sequence, a->offset) < std::pair(b->header.sequence, b->offset);
    });
  }

  Result<void> begin(Stream& stream);
  Result<void> advance(Stream& stream);
  Result<void> take(Stream& stream);
  Result<void> fetch(Stream& stream);
  void show(Stream& stream);
  void follow(Stream& stream, const trace::AnyEvent& event);
  [[nodiscard]] Place place(const Stream& stream, const trace::AnyEvent& event, ActorId on_behalf) const;
  Stream* least_surprising();
  Need missing(Stream& stream) const { return order_.missing(stream.sync.event(), stream.actor, stream.known); }
  [[nodiscard]] Segment segment(const Stream& stream) {
    return {stream.id, stream.actor, access_observers_, footprints_ ? &*footprints_ : nullptr};
  }

  const trace::TraceFile& file_;
  const std::vector<Observer*>& observers_;
  std::vector<Observer*> access_observers_;
  std::optional<Footprints> footprints_;  // if nobody wants the accesses themselves
  std::vector<std::unique_ptr<Stream>> streams_;
  Order order_;
  std::vector<Stream*> work_;
  Parked parked_{0};
  FlatMap<ActorId, Place> blocked_at_;
  std::vector<Need> provided_;
  MergeSummary summary_;
};

Result<void> Merger::begin(Stream& stream) {
  if (Result<void> first = fetch(stream); !first) {
    return first;
  }
  work_.push_back(&stream);
  return {};
}

// Moves to the next event; the accesses before it belong to the actor that runs now.
Result<void> Merger::fetch(Stream& stream) {
  stream.known = 0;
  if (Result<void> next = stream.sync.next(); !next) {
    return next;
  }
  const bool last = stream.sync.at_end();
  const std::uint64_t until = last ? ~std::uint64_t{0} : stream.sync.ordinal();
  if (const auto resumed = stream.sync.resumed()) {
    ++summary_.unordered;
    stream.actor = *resumed;
    stream.accesses.forget_stack();
  }
  return stream.accesses.deliver(until, segment(stream));
}

Result<void> Merger::advance(Stream& stream) {
  while (!stream.sync.at_end()) {
    const Need need = missing(stream);
    if (need) {
      parked_.add(stream, need);
      return {};
    }
    if (Result<void> taken = take(stream); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> Merger::take(Stream& stream) {
  const trace::AnyEvent& event = stream.sync.event();
  provided_.clear();
  order_.take(event, stream.actor, provided_);
  show(stream);
  follow(stream, event);
  for (const Need& need : provided_) {
    parked_.release(need, work_);
  }
  return fetch(stream);
}

// Who runs on the stream after the event. After a Block, a GoEnd or the Ready of a yield that is nobody, until a
// Switch.
void Merger::follow(Stream& stream, const trace::AnyEvent& event) {
  if (const auto* run = trace::event_as<trace::Switch>(&event)) {
    stream.actor = ActorId(run->actor);
    stream.sync.forget_stack();
    stream.accesses.forget_stack();
  } else if (const auto* start = trace::event_as<trace::ThreadStart>(&event)) {
    stream.actor = ActorId(start->actor);
  } else if (trace::is_event<trace::Block>(event)) {
    blocked_at_[stream.actor] = place(stream, event, {});
    stream.actor = {};
  } else if (const auto* ready = trace::event_as<trace::Ready>(&event);
             ready != nullptr && ActorId(ready->actor) == stream.actor) {
    stream.actor = {};
  } else if (trace::is_event<trace::GoEnd>(event)) {
    stream.actor = {};
  } else if (const auto* loss = trace::event_as<trace::Loss>(&event)) {
    summary_.lost += loss->count;
  }
}

Place Merger::place(const Stream& stream, const trace::AnyEvent& event, ActorId on_behalf) const {
  if (on_behalf && on_behalf != stream.actor) {
    const Place* found = blocked_at_.find(on_behalf);
    return found != nullptr ? *found : Place{};
  }
  const auto* atomic = trace::event_as<trace::Atomic>(&event);
  return {stream.sync.stack(), std::visit(SiteOf{}, event), atomic != nullptr && atomic->size != 0};
}

void Merger::show(Stream& stream) {
  const trace::AnyEvent& event = stream.sync.event();
  const ActorId on_behalf = std::visit(OnBehalf{}, event);
  ActorId actor = on_behalf ? on_behalf : stream.actor;
  ActorId writer = stream.actor;
  if (const auto* run = trace::event_as<trace::Switch>(&event)) {
    actor = writer = ActorId(run->actor);
  } else if (const auto* start = trace::event_as<trace::ThreadStart>(&event)) {
    actor = writer = ActorId(start->actor);
  }
  const Step step{event, stream.id, stream.sync.ordinal(), actor, writer, place(stream, event, on_behalf)};
  ++summary_.steps;
  for (Observer* observer : observers_) {
    observer->step(step);
  }
}

// Among the parked streams, in the order of their numbers: one whose need has been overtaken, then a thread that nobody
// created (no gap at all), then any other.
Stream* Merger::least_surprising() {
  Stream* best = nullptr;
  for (const auto& stream : streams_) {
    if (!stream->parked) {
      continue;
    }
    if (!missing(*stream)) {
      return stream.get();
    }
    const bool is_thread = stream->parked.kind == Need::Kind::started_thread;
    const bool best_is_thread = best != nullptr && best->parked.kind == Need::Kind::started_thread;
    if (best == nullptr || (is_thread && !best_is_thread)) {
      best = stream.get();
    }
  }
  return best;
}

Result<MergeSummary> Merger::run() {
  Result<Inheritance> inheritance = inheritance_of(file_);
  if (!inheritance) {
    return inheritance.error();
  }
  order_.begin_after_fork(*inheritance);
  for (const auto& stream : streams_) {
    if (Result<void> begun = begin(*stream); !begun) {
      return begun.error();
    }
  }
  std::reverse(work_.begin(), work_.end());
  for (;;) {
    while (!work_.empty()) {
      Stream& stream = *work_.back();
      work_.pop_back();
      if (Result<void> advanced = advance(stream); !advanced) {
        return advanced.error();
      }
    }
    Stream* stream = least_surprising();
    if (stream == nullptr) {
      break;
    }
    const bool gap = missing(*stream) && stream->parked.kind != Need::Kind::started_thread;
    parked_.remove(*stream);
    summary_.unordered += gap ? 1 : 0;
    if (Result<void> taken = take(*stream); !taken) {
      return taken.error();
    }
    work_.push_back(stream);
  }
  for (const auto& stream : streams_) {
    summary_.accesses += stream->accesses.delivered();
    summary_.unresolved += stream->accesses.unresolved();
  }
  return summary_;
}

}  // namespace

Result<MergeSummary> merge(const trace::TraceFile& file, const Symbols& symbols, StackTable& stacks,
                           const std::vector<Observer*>& observers) {
  return Merger(file, symbols, stacks, observers).run();
}

}  // namespace gordian::analysis
