// SPDX-License-Identifier: Apache-2.0
// What a history remembers of an access, in 24 bytes: a PastAccess whose actor and function are one number.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/past_access.h"

namespace gordian::analysis {

struct Mark {
  // From the highest bits: who and where, site, ends_life, kind, bytes.
  std::uint64_t key = 0;
  Epoch epoch;
  StackId stack{};
  LocksetId lockset{};

  static constexpr int kSiteBits = 21;
  static constexpr int kKindAt = 8;
  static constexpr int kEndAt = 10;
  static constexpr int kSiteAt = 11;
  static constexpr int kWhoAt = 32;

  [[nodiscard]] std::uint8_t bytes() const { return static_cast<std::uint8_t>(key); }
  [[nodiscard]] trace::AccessKind kind() const { return static_cast<trace::AccessKind>(key >> kKindAt & 3); }
  [[nodiscard]] std::uint32_t who() const { return static_cast<std::uint32_t>(key >> kWhoAt); }
  // One actor, one place, one kind: in all but bytes and time.
  [[nodiscard]] bool is_like(const Mark& other) const { return (key ^ other.key) >> kKindAt == 0; }
  void set(std::uint32_t site, trace::AccessKind kind) {
    key = key >> kWhoAt << kWhoAt | std::uint64_t{site & ((1u << kSiteBits) - 1)} << kSiteAt |
          std::uint64_t{static_cast<std::uint8_t>(kind)} << kKindAt;
  }
  void set_bytes(std::uint8_t bytes) { key = (key & ~std::uint64_t{0xff}) | bytes; }
};

// The numbers of actors in functions. A site too large for a mark has its upper bits here.
class Whos {
 public:
  std::uint32_t number(const PastAccess& access) {
    const Who who{access.actor, access.function, access.site >> Mark::kSiteBits};
    std::uint32_t& number = who.upper_site == 0 ? numbers_[std::uint64_t{who.actor} << 32 | who.function.value]
                                                : rare_numbers_[std::tuple(who.actor, who.function, who.upper_site)];
    if (number == 0) {
      whos_.push_back(who);
      number = static_cast<std::uint32_t>(whos_.size());
    }
    return number - 1;
  }
  [[nodiscard]] std::uint32_t actor(const Mark& mark) const { return whos_[mark.who()].actor; }
  [[nodiscard]] Mark mark(std::uint32_t number, const PastAccess& access) const {
    Mark mark{std::uint64_t{number} << Mark::kWhoAt, access.epoch, access.stack, access.lockset};
    mark.set(access.site, access.kind);
    mark.key |= std::uint64_t{access.ends_life} << Mark::kEndAt;
    return mark;
  }
  [[nodiscard]] PastAccess access(const Mark& mark, std::uint8_t bytes) const {
    const Who& who = whos_[mark.who()];
    return {.actor = who.actor,
            .function = who.function,
            .site = who.upper_site << Mark::kSiteBits | (static_cast<std::uint32_t>(mark.key) >> Mark::kSiteAt),
            .kind = mark.kind(),
            .bytes = bytes,
            .ends_life = (mark.key >> Mark::kEndAt & 1) != 0,
            .epoch = mark.epoch,
            .stack = mark.stack,
            .lockset = mark.lockset};
  }

 private:
  struct Who {
    std::uint32_t actor = 0;
    FunctionId function{};
    std::uint32_t upper_site = 0;
  };

  FlatMap<std::uint64_t, std::uint32_t> numbers_;  // from 1
  std::map<std::tuple<std::uint32_t, FunctionId, std::uint32_t>, std::uint32_t> rare_numbers_;
  std::vector<Who> whos_;
};

}  // namespace gordian::analysis
