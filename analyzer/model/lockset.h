// SPDX-License-Identifier: Apache-2.0
// Sets of held locks as numbers: an actor holds few different ones, and each remembered access names one.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "analyzer/model/access_history.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

// Id 0 is the empty set. Equal locks in equal modes, locked at equal places in equal order, are one set.
class LocksetTable {
 public:
  LocksetTable() : sets_(1) {}

  LocksetId intern(std::span<const HeldLock> locks) {
    if (locks.empty()) {
      return LocksetId();
    }
    Key key;
    for (const HeldLock& lock : locks) {
      key.emplace_back(lock.object, lock.mode, lock.place);
    }
    const auto [entry, is_new] = ids_.try_emplace(std::move(key), LocksetId(static_cast<std::uint32_t>(sets_.size())));
    if (is_new) {
      sets_.emplace_back(locks.begin(), locks.end());
    }
    return entry->second;
  }

  [[nodiscard]] const std::vector<HeldLock>& locks(LocksetId id) const { return sets_[id.value]; }

 private:
  using Key = std::vector<std::tuple<ObjectId, trace::LockMode, Place>>;
  std::map<Key, LocksetId> ids_;
  std::vector<std::vector<HeldLock>> sets_;
};

}  // namespace gordian::analysis
