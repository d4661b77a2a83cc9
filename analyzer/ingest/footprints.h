// SPDX-License-Identifier: Apache-2.0
// From accesses to footprints: what accesses of one kind touch of a page, gathered until a step comes. Code goes to and
// fro between a few pages, and a place for each in a small table is enough for nearly all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/model/page_bits.h"
#include "analyzer/model/patience.h"
#include "analyzer/model/shadow.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

class Footprints {
 public:
  // tell(kind, page, bits), page by address: of one that has to make room, at once.
  template <class Tell>
  void add(trace::AccessKind kind, std::uint64_t address, std::uint64_t size, const Tell& tell) {
    std::uint64_t page = address / Shadow::kPage;
    std::uint64_t begin = address % Shadow::kPage;
    for (; begin + size > Shadow::kPage; ++page, begin = 0) {
      const std::uint64_t here = Shadow::kPage - begin;
      place(kind, page, tell).bits.add(begin, Shadow::kPage);
      size -= here;
    }
    if (size != 0) {
      place(kind, page, tell).bits.add(begin, begin + size);
    }
  }
  // Of what large records add.
  [[nodiscard]] Patience& patience() { return patience_; }
  // `count` elements, `step` bytes apart, none of which reaches the next one.
  template <class Tell>
  void add_elements(trace::AccessKind kind, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                    std::uint64_t step, const Tell& tell) {
    while (count > 0) {
      const std::uint64_t begin = address % Shadow::kPage;
      const std::uint64_t room = Shadow::kPage - begin;
      const std::uint64_t here = size <= room ? std::min(count, (room - size) / step + 1) : 0;
      if (here < 2) {
        add(kind, address, size, tell);
        address += step;
        --count;
        continue;
      }
      place(kind, address / Shadow::kPage, tell).bits.add_elements(begin, size, here, step);
      address += here * step;
      count -= here;
    }
  }
  // Tells all that is left.
  template <class Tell>
  void end(const Tell& tell) {
    for (std::size_t i = 0; i < used_count_; ++i) {
      Place& place = places_[used_[i]];
      tell_of(place, tell);
      place = {};
    }
    used_count_ = 0;
  }

 private:
  static constexpr std::size_t kPlacesBits = 12;
  static constexpr std::size_t kPlaces = std::size_t{1} << kPlacesBits;

  struct Place {
    std::uint64_t key = 0;  // of page and kind, never 0
    PageBits bits;
  };

  template <class Tell>
  Place& place(trace::AccessKind kind, std::uint64_t page, const Tell& tell) {
    // Tables with a kind of more bits are refused (trace/tables.cc).
    const std::uint64_t key = (page << 2 | static_cast<std::uint64_t>(kind)) + 1;
    const std::size_t number = key * 0x9e3779b97f4a7c15u >> (64 - kPlacesBits);
    Place& place = places_[number];
    if (place.key != key) {
      if (place.key != 0) {
        tell_of(place, tell);
      } else {
        used_[used_count_++] = static_cast<std::uint16_t>(number);
      }
      place = {key, {}};
    }
    return place;
  }
  template <class Tell>
  static void tell_of(const Place& place, const Tell& tell) {
    tell(static_cast<trace::AccessKind>((place.key - 1) & 3), (place.key - 1) / 4 * Shadow::kPage, place.bits);
  }

  Patience patience_;
  std::vector<Place> places_{kPlaces};
  std::vector<std::uint16_t> used_ = std::vector<std::uint16_t>(kPlaces);
  std::size_t used_count_ = 0;
};

}  // namespace gordian::analysis
