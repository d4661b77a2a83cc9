// SPDX-License-Identifier: Apache-2.0
// What is told is what was added, whichever table places the pages share.
#include "analyzer/ingest/footprints.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <tuple>

namespace gordian::analysis {
namespace {

using trace::AccessKind;

class FootprintsTest : public testing::Test {
 protected:
  using Units = std::set<std::pair<AccessKind, std::uint64_t>>;

  void add(AccessKind kind, std::uint64_t address, std::uint64_t size, std::uint64_t count, std::uint64_t step) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t at = address + i * step;
      for (std::uint64_t unit = at / PageBits::kUnit; size != 0 && unit <= (at + size - 1) / PageBits::kUnit; ++unit) {
        added_.insert({kind, unit});
      }
    }
    if (count == 1) {
      footprints_.add(kind, address, size, [this](auto... told) { hear(told...); });
    } else {
      footprints_.add_elements(kind, address, size, count, step, [this](auto... told) { hear(told...); });
    }
  }
  void end() {
    footprints_.end([this](auto... told) { hear(told...); });
    EXPECT_EQ(told_, added_);
    added_.clear();
    told_.clear();
  }
  std::uint64_t tellings() const { return tellings_; }

 private:
  void hear(AccessKind kind, std::uint64_t page, const PageBits& bits) {
    ++tellings_;
    bits.visit([&](std::uint64_t begin, std::uint64_t end) {
      for (std::uint64_t at = begin; at < end; at += PageBits::kUnit) {
        told_.insert({kind, (page + at) / PageBits::kUnit});
      }
    });
  }

  Footprints footprints_;
  Units added_;
  Units told_;
  std::uint64_t tellings_ = 0;
};

TEST_F(FootprintsTest, TellWhatWasAdded) {
  std::mt19937_64 random(3);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t room = std::uint64_t{1} << (8 + below(34));  // so that some pages share a place
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t size = below(10) == 0 ? below(5000) : std::uint64_t{1} << below(5);
      const std::uint64_t count = below(3) == 0 ? 1 + below(70) : 1;
      const std::uint64_t step = size + below(2) * below(3000) + 1;
      add(static_cast<AccessKind>(below(4)), below(room), size, count, step);
    }
    end();
  }
}

TEST_F(FootprintsTest, APageIsToldOnceForEachKind) {
  for (std::uint64_t at = 0; at < 4096; at += 4) {
    add(AccessKind::read, 0x7fff'0000'0000 + at, 4, 1, 0);
    add(AccessKind::write, 0x7fff'0000'0000 + at, 4, 1, 0);
  }
  EXPECT_EQ(tellings(), 0u);
  end();
  EXPECT_EQ(tellings(), 8u);
  end();
  EXPECT_EQ(tellings(), 8u);
}

}  // namespace
}  // namespace gordian::analysis
