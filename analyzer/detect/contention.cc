// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/contention.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {

ContentionFigures::Row& ContentionFigures::row(std::uint64_t object) {
  std::uint32_t& number = numbers_[ObjectId(object)];
  if (number == 0) {
    rows_.emplace_back().object = ObjectId(object);
    number = static_cast<std::uint32_t>(rows_.size());
  }
  return rows_[number - 1];
}

void ContentionFigures::step(const Step& step) {
  requests_.step(step);
  if (const auto* lock = trace::event_as<trace::Lock>(&step.event)) {
    ++row(lock->object).acquisitions;
  } else if (const auto* tried = trace::event_as<trace::TryLock>(&step.event)) {
    ++row(tried->object).acquisitions;
  } else if (const auto* acquired = trace::event_as<trace::SemAcquire>(&step.event)) {
    ++row(acquired->object).acquisitions;
  } else if (const auto* send = trace::event_as<trace::ChanSend>(&step.event)) {
    ++row(send->object).acquisitions;
  } else if (const auto* receive = trace::event_as<trace::ChanRecv>(&step.event)) {
    ++row(receive->object).acquisitions;
  } else if (const auto* failed = trace::event_as<trace::TryLockFailed>(&step.event)) {
    ++row(failed->object).failed;
  } else if (const auto* refused = trace::event_as<trace::ChanTryFailed>(&step.event);
             refused && refused->object != 0) {
    ++row(refused->object).failed;
  }
}

void ContentionFigures::request(const Request& request) {
  Row& of = row(request.object.value);
  const Cycles waited = request.ended - request.began;
  ++of.waits;
  of.waited += waited;
  of.bypasses += request.bypass.count;
  if (waited >= of.longest_wait) {
    of.longest_wait = waited;
    of.longest_wait_at = request.place;
  }
  starvation_.request(request);
}

void ContentionFigures::hold(const LockHold& hold) {
  Row& of = row(hold.object.value);
  if (hold.at_least > of.longest_hold) {
    of.longest_hold = hold.at_least;
    of.longest_hold_at = hold.place;
  }
}

void ContentionFigures::finish(std::vector<Finding>& findings) {
  requests_.finish(scene_.time.end_cycles);
  starvation_.finish(findings);
}

Contention ContentionFigures::figures_of(const Row& row) const {
  const Describer describe(scene_);
  const auto ns = [this](Cycles cycles) { return scene_.time.ns_between(0, cycles); };
  Contention figures;
  figures.object = describe.object(row.object, row.longest_wait_at);
  figures.acquisitions = row.acquisitions;
  figures.waits = row.waits;
  figures.failed = row.failed;
  figures.bypasses = row.bypasses;
  figures.waited_ns = ns(row.waited);
  figures.longest_wait_ns = ns(row.longest_wait);
  figures.longest_wait_at = row.waits != 0 ? describe.frame(row.longest_wait_at) : Frame{};
  figures.longest_hold_ns = ns(row.longest_hold);
  figures.longest_hold_at = row.longest_hold != 0 ? describe.frame(row.longest_hold_at) : Frame{};
  return figures;
}

std::vector<Contention> ContentionFigures::figures() const {
  std::vector<Row> rows;
  std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(rows),
               [](const Row& row) { return row.waits + row.failed != 0; });
  const auto rank = [](const Row& row) { return std::tuple(row.waited, row.waits, row.failed, ~row.object.value); };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return rank(a) > rank(b); });
  std::vector<Contention> figures;
  std::transform(rows.begin(), rows.end(), std::back_inserter(figures),
                 [this](const Row& row) { return figures_of(row); });
  return figures;
}

}  // namespace gordian::analysis
