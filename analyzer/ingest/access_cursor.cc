// SPDX-License-Identifier: Apache-2.0
#include "analyzer/ingest/access_cursor.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "runtime/trace/bitmap.h"

namespace gordian::analysis {
namespace {

// No program touches more in one go; a damaged record that says so must not keep the detectors busy for ever.
constexpr std::uint64_t kMaxRangeBytes = std::uint64_t{1} << 32;

std::uint64_t distance(std::int64_t stride) {
  return stride < 0 ? 0 - static_cast<std::uint64_t>(stride) : static_cast<std::uint64_t>(stride);
}

// Rows may lie as far apart as there is memory: how much they are in all is for whoever looks at them.
bool is_plausible(const trace::AccessRecord& record, std::uint64_t address, std::uint64_t site_size) {
  constexpr std::uint64_t kMemory = trace::kAddressMask + 1;
  const std::uint64_t step = std::max({site_size, distance(record.stride), std::uint64_t{1}});
  const std::uint64_t row_step = std::max(distance(record.row_stride), std::uint64_t{1});
  if (record.bytes > kMaxRangeBytes || step > kMaxRangeBytes || record.count > kMaxRangeBytes / step ||
      row_step > kMemory || record.rows > kMemory / row_step) {
    return false;
  }
  const std::uint64_t below = (record.stride < 0 ? distance(record.stride) * (record.count - 1) : 0) +
                              (record.row_stride < 0 ? distance(record.row_stride) * (record.rows - 1) : 0);
  return below <= address;
}

// As Access::rows asks for it, and what is one piece as one element. The same memory is touched.
void put_in_order(Access& access) {
  access.address = access.lowest() - (access.row_stride < 0 ? distance(access.row_stride) * (access.rows - 1) : 0);
  access.stride = std::abs(access.stride);
  access.row_stride = std::abs(access.row_stride);
  if (access.row_stride < access.stride) {
    std::swap(access.stride, access.row_stride);
    std::swap(access.count, access.rows);
  }
  for (int dimension = 0; dimension < 2 && (access.count == 1 || access.step() <= access.size); ++dimension) {
    access.size += access.reach();
    access.count = std::exchange(access.rows, 1);
    access.stride = std::exchange(access.row_stride, 0);
  }
}

class FootprintTeller {
 public:
  // `told`: how many of the accesses so far the footprints told before stand for.
  FootprintTeller(const Segment& segment, std::uint64_t accesses, std::uint64_t& told)
      : segment_(segment), accesses_(accesses), told_(told) {}

  void operator()(trace::AccessKind kind, std::uint64_t page, const PageBits& bits) const {
    const std::uint64_t news = accesses_ - std::exchange(told_, accesses_);
    for (Observer* observer : segment_.observers) {
      observer->footprint({segment_.stream, segment_.actor, kind, page, news, bits});
    }
  }

 private:
  const Segment& segment_;
  std::uint64_t accesses_;
  std::uint64_t& told_;
};

}  // namespace

Result<bool> AccessCursor::open_chunk() {
  if (next_chunk_ == chunks_.size()) {
    reader_.reset();
    return false;
  }
  Result<trace::Chunk> chunk = file_->read(*chunks_[next_chunk_++]);
  if (!chunk) {
    return chunk.error();
  }
  chunk_ = std::move(*chunk);
  reader_.emplace(chunk_.words(), chunk_.payload_offset());
  marker_ = chunk_.header.first_ordinal;
  forget_stack();
  return true;
}

void AccessCursor::forget_stack() {
  stack_.forget();
  functions_.clear();
  sites_ = {};
}

// Who is told footprints is told no stacks.
void AccessCursor::move_to(const trace::AccessRecord& record) {
  functions_.resize(record.pop == trace::kPopAll ? 0 : functions_.size() - std::min(record.pop, functions_.size()));
  for (const std::uint64_t entry : record.push) {
    functions_.emplace_back(static_cast<std::uint32_t>(entry));
  }
  sites_ = functions_.empty() ? FunctionSites() : symbols_->function_sites(functions_.back());
}

void AccessCursor::restack() { sites_ = symbols_->function_sites(stacks_->node(stack_.stack()).function); }

Result<void> AccessCursor::deliver(std::uint64_t ordinal, const Segment& segment) {
  Result<void> shown = show_until(ordinal, segment);
  if (segment.footprints != nullptr) {
    segment.footprints->end(FootprintTeller(segment, delivered_, told_));
  }
  return shown;
}

Result<void> AccessCursor::show_until(std::uint64_t ordinal, const Segment& segment) {
  for (;;) {
    if (!reader_) {
      Result<bool> more = open_chunk();
      if (!more || !*more) {
        return more ? Result<void>() : more.error();
      }
    }
    if (marker_ > ordinal) {
      return {};
    }
    if (segment.footprints != nullptr) {
      add_run(reader_->plain_words(), segment);
    } else {
      show_run(reader_->plain_words(), segment);
    }
    Result<bool> more = control(segment);
    if (!more) {
      return in_file(more.error(), *file_);
    }
    if (!*more) {
      reader_.reset();
    }
  }
}

Result<bool> AccessCursor::control(const Segment& segment) {
  Result<trace::AccessRecord> record = reader_->next();
  if (!record) {
    return record.error();
  }
  switch (record->type) {
    case trace::AccessRecord::Type::end:
      return false;
    case trace::AccessRecord::Type::marker:
      marker_ = record->ordinal;
      return true;
    case trace::AccessRecord::Type::stack:
      if (segment.footprints != nullptr) {
        move_to(*record);
      } else {
        stack_.apply(record->pop, record->push);
        restack();
      }
      return true;
    case trace::AccessRecord::Type::bitmap:
      show_bitmap(*record, segment);
      return true;
    default:
      show(*record, segment);
      return true;
  }
}

PlainAccess AccessCursor::plain(std::uint64_t site, std::uint64_t address) const {
  return {.address = address & trace::kAddressMask,
          .size = sites_.sites[site].size,
          .site = static_cast<std::uint16_t>(site),
          .kind = sites_.sites[site].kind};
}

// Its members go to run_, behind the first `count`; how many there are then.
std::size_t AccessCursor::add_group(std::uint64_t word, std::size_t count) {
  const auto members = sites_.group(word >> trace::kAddressBits);
  unresolved_ += members.empty() ? 1 : 0;
  for (const trace::SiteGroupMember& member : members) {
    run_[count++] = plain(member.site, word + static_cast<std::uint64_t>(std::int64_t{member.offset}));
  }
  return count;
}

void AccessCursor::show_run(std::span<const std::uint64_t> words, const Segment& segment) {
  std::size_t count = 0;
  const auto show_all = [&] {
    delivered_ += count;
    for (Observer* observer : segment.observers) {
      observer->accesses({segment.stream, segment.actor, stack_.stack(), std::span(run_).first(count)});
    }
    count = 0;
  };
  for (const std::uint64_t word : words) {
    const std::uint64_t site = word >> trace::kAddressBits;
    if (word == 0) {
      continue;
    }
    if (site < sites_.sites.size()) {
      run_[count++] = plain(site, word);
    } else {
      count = add_group(word, count);
    }
    if (count >= kMostAtOnce) {
      show_all();
    }
  }
  if (count > 0) {
    show_all();
  }
}

void AccessCursor::show(const trace::AccessRecord& record, const Segment& segment) {
  if (record.site < sites_.sites.size()) {
    show(record, record.site, record.address, segment);
    return;
  }
  const auto members = sites_.group(record.site);
  if (members.empty() || record.type == trace::AccessRecord::Type::range) {
    ++unresolved_;
    return;
  }
  for (const trace::SiteGroupMember& member : members) {
    show(record, member.site, record.address + static_cast<std::uint64_t>(std::int64_t{member.offset}), segment);
  }
}

Access AccessCursor::plain_access(std::uint64_t site, std::uint64_t address, const Segment& segment) const {
  return {.stream = segment.stream,
          .actor = segment.actor,
          .place = {stack_.stack(), static_cast<std::uint32_t>(site), true},
          .kind = sites_.sites[site].kind,
          .address = address & trace::kAddressMask,
          .size = sites_.sites[site].size};
}

void AccessCursor::show(const trace::AccessRecord& record, std::uint64_t site, std::uint64_t address,
                        const Segment& segment) {
  Access access = plain_access(site, address, segment);
  if (record.count == 0 || record.rows == 0) {
    return;
  }
  if (!is_plausible(record, access.address, access.size)) {
    ++unresolved_;
    return;
  }
  access.count = record.count;
  access.stride = record.stride;
  access.rows = record.rows;
  access.row_stride = record.row_stride;
  if (record.type == trace::AccessRecord::Type::range) {
    access.size = record.bytes;
  } else if (record.type == trace::AccessRecord::Type::matrix) {
    put_in_order(access);
  }
  ++delivered_;
  tell(access, segment);
}

void AccessCursor::add_run(std::span<const std::uint64_t> words, const Segment& segment) {
  const auto add_one = [&](std::uint32_t site, std::uint64_t address) {
    const SiteInfo& info = sites_.sites[site];
    ++delivered_;
    if (info.size <= Shadow::kPage) {
      segment.footprints->add(info.kind, address & trace::kAddressMask, info.size,
                              FootprintTeller(segment, delivered_, told_));
    } else {
      tell(plain_access(site, address, segment), segment);
    }
  };
  for (const std::uint64_t word : words) {
    const std::uint64_t site = word >> trace::kAddressBits;
    if (word == 0) {
      continue;
    }
    if (site < sites_.sites.size()) {
      add_one(static_cast<std::uint32_t>(site), word);
      continue;
    }
    const auto members = sites_.group(site);
    unresolved_ += members.empty() ? 1 : 0;
    for (const trace::SiteGroupMember& member : members) {
      add_one(member.site, word + static_cast<std::uint64_t>(std::int64_t{member.offset}));
    }
  }
}

// As the plain words or ranges that it stands for; footprints are told of neighbours that leave no gap as one.
void AccessCursor::show_bitmap(const trace::AccessRecord& record, const Segment& segment) {
  constexpr std::uint64_t kMemory = trace::kAddressMask + 1;
  if (record.shift > (record.is_of_ranges ? trace::kMostRangeShift : trace::kMostBitmapShift) ||
      record.address >= kMemory ||
      record.bits.size() > (kMemory - record.address) / trace::kBitsInWord >> record.shift) {
    ++unresolved_;
  } else if (record.is_of_ranges) {
    trace::visit_runs(record.bits, [&](std::uint64_t number, std::uint64_t count) {
      trace::AccessRecord range;
      range.type = trace::AccessRecord::Type::range;
      range.site = record.site;
      range.address = record.address + (number << record.shift);
      range.bytes = count << record.shift;
      show(range, segment);
    });
  } else if (segment.footprints != nullptr && record.site < sites_.sites.size() &&
             sites_.sites[record.site].size >> record.shift != 0 && sites_.sites[record.site].size <= Shadow::kPage) {
    const SiteInfo& info = sites_.sites[record.site];
    trace::visit_runs(record.bits, [&](std::uint64_t number, std::uint64_t count) {
      delivered_ += count;
      segment.footprints->add(info.kind, record.address + (number << record.shift),
                              ((count - 1) << record.shift) + info.size, FootprintTeller(segment, delivered_, told_));
    });
  } else {
    show_elements(record, segment);
  }
}

void AccessCursor::show_elements(const trace::AccessRecord& record, const Segment& segment) {
  std::array<std::uint64_t, trace::kBitsInWord> words;
  std::size_t count = 0;
  const auto show_all = [&] {
    const std::span<const std::uint64_t> all = std::span(words).first(std::exchange(count, 0));
    segment.footprints != nullptr ? add_run(all, segment) : show_run(all, segment);
  };
  trace::visit_runs(record.bits, [&](std::uint64_t number, std::uint64_t more) {
    for (const std::uint64_t end = number + more; number != end; ++number) {
      words[count++] = trace::access_word(record.site, record.address + (number << record.shift));
      if (count == words.size()) {
        show_all();
      }
    }
  });
  show_all();
}

void AccessCursor::tell(const Access& access, const Segment& segment) {
  if (segment.footprints != nullptr && add(access, segment)) {
    return;
  }
  for (Observer* observer : segment.observers) {
    observer->access(access);
  }
}

// False: it is too much for footprints.
bool AccessCursor::add(const Access& access, const Segment& segment) {
  constexpr std::uint64_t kMostPages = 64;
  constexpr std::uint64_t kMostBytes = kMostPages * Shadow::kPage;
  const FootprintTeller teller(segment, delivered_, told_);
  const std::uint64_t step = access.step();
  const bool is_one_piece = access.count == 1 || step <= access.size;
  const bool is_near = is_one_piece || access.reach() <= kMostBytes;
  const std::uint64_t pages = is_near ? (access.reach() + access.size) / Shadow::kPage + 1 : access.count;
  const std::uint64_t parts = pages + (is_one_piece || PageBits::is_pattern(step) ? 0 : access.count);
  Patience& patience = segment.footprints->patience();
  patience.hear(1);
  if (access.size == 0) {
    return true;
  }
  if (access.size > kMostBytes || pages > kMostPages || access.rows > Patience::kFirst ||
      !patience.can_afford(parts * access.rows)) {
    return false;
  }
  std::uint64_t first = access.lowest();
  for (std::uint64_t row = 0; row < access.rows; ++row, first += static_cast<std::uint64_t>(access.row_stride)) {
    if (is_one_piece) {
      segment.footprints->add(access.kind, first, access.reach() + access.size, teller);
    } else {
      segment.footprints->add_elements(access.kind, first, access.size, access.count, step, teller);
    }
  }
  return true;
}

}  // namespace gordian::analysis
