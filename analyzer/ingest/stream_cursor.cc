// SPDX-License-Identifier: Apache-2.0
#include "analyzer/ingest/stream_cursor.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

// No program touches more in one go; a damaged record that says so must not keep the detectors busy for ever.
constexpr std::uint64_t kMaxRangeBytes = std::uint64_t{1} << 32;

bool is_plausible(const trace::AccessRecord& record, std::uint64_t address, std::uint64_t site_size) {
  const auto distance = [](std::int64_t stride) {
    return stride < 0 ? 0 - static_cast<std::uint64_t>(stride) : static_cast<std::uint64_t>(stride);
  };
  const auto is_short = [](std::uint64_t count, std::uint64_t step) {
    step = std::max(step, std::uint64_t{1});
    return step <= kMaxRangeBytes && count <= kMaxRangeBytes / step;
  };
  if (record.bytes > kMaxRangeBytes || !is_short(record.count, std::max(site_size, distance(record.stride))) ||
      !is_short(record.rows, distance(record.row_stride)) || record.rows == 0) {
    return false;
  }
  const std::uint64_t before_it =
      (record.stride < 0 && record.count > 0 ? distance(record.stride) * (record.count - 1) : 0) +
      (record.row_stride < 0 ? distance(record.row_stride) * (record.rows - 1) : 0);
  return before_it <= address;
}

// Readers know offsets, not files.
Error in_file(Error error, const trace::TraceFile& file) {
  error.where = file.path() + ":" + error.where;
  return error;
}

struct FootprintTeller {
  const Segment& segment;

  void operator()(trace::AccessKind kind, std::uint64_t page, const PageBits& bits) const {
    for (Observer* observer : segment.observers) {
      observer->footprint({segment.stream, segment.actor, kind, page, bits});
    }
  }
};

}  // namespace

void StackCursor::apply(std::uint64_t pop, std::span<const std::uint64_t> push) {
  if (pop == trace::kPopAll) {
    stack_ = StackId();
  }
  for (; pop > 0 && stack_; --pop) {
    stack_ = table_->pop(stack_);
  }
  for (const std::uint64_t entry : push) {
    stack_ =
        table_->push(stack_, static_cast<std::uint32_t>(entry >> 32), FunctionId(static_cast<std::uint32_t>(entry)));
  }
}

Result<bool> SyncCursor::open_chunk() {
  if (next_chunk_ == chunks_.size()) {
    return false;
  }
  Result<trace::Chunk> chunk = file_->read(*chunks_[next_chunk_++]);
  if (!chunk) {
    return chunk.error();
  }
  chunk_ = std::move(*chunk);
  reader_.emplace(chunk_.payload, chunk_.payload_offset());
  stack_.forget();
  if (chunk_.header.first_ordinal != next_ordinal_) {
    next_ordinal_ = chunk_.header.first_ordinal;
    resumed_ = ActorId(chunk_.header.actor);
  }
  return true;
}

Result<void> SyncCursor::next() {
  resumed_.reset();
  for (;;) {
    if (reader_) {
      Result<trace::AnyEvent> event = reader_->next();
      if (!event) {
        return in_file(event.error(), *file_);
      }
      event_ = *event;
      if (const auto* delta = trace::event_as<trace::Stack>(&event_)) {
        stack_.apply(delta->pop, delta->push);
        ++next_ordinal_;
        continue;
      }
      if (!at_end()) {
        ordinal_ = next_ordinal_++;
        return {};
      }
    }
    Result<bool> more = open_chunk();
    if (!more) {
      return more.error();
    }
    if (!*more) {
      ordinal_ = next_ordinal_;
      event_ = {};
      return {};
    }
  }
}

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
    segment.footprints->end(FootprintTeller{segment});
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

void AccessCursor::show(const trace::AccessRecord& record, std::uint64_t site, std::uint64_t address,
                        const Segment& segment) {
  const SiteInfo& info = sites_.sites[site];
  address &= trace::kAddressMask;
  if (!is_plausible(record, address, info.size)) {
    ++unresolved_;
    return;
  }
  Access access{.stream = segment.stream,
                .actor = segment.actor,
                .place = {stack_.stack(), static_cast<std::uint32_t>(site), true},
                .kind = info.kind,
                .address = address,
                .size = info.size,
                .count = record.count,
                .stride = record.stride,
                .rows = record.rows,
                .row_stride = record.row_stride};
  if (record.type == trace::AccessRecord::Type::range) {
    access.size = record.bytes;
  }
  ++delivered_;
  if (segment.footprints != nullptr && add(access, segment)) {
    return;
  }
  for (Observer* observer : segment.observers) {
    observer->access(access);
  }
}

void AccessCursor::add_run(std::span<const std::uint64_t> words, const Segment& segment) {
  const FootprintTeller tell{segment};
  const auto add_one = [&](const SiteInfo& site, std::uint64_t address) {
    segment.footprints->add(site.kind, address & trace::kAddressMask, site.size, tell);
  };
  for (const std::uint64_t word : words) {
    const std::uint64_t site = word >> trace::kAddressBits;
    if (word == 0) {
      continue;
    }
    if (site < sites_.sites.size()) {
      ++delivered_;
      add_one(sites_.sites[site], word);
      continue;
    }
    const auto members = sites_.group(site);
    unresolved_ += members.empty() ? 1 : 0;
    delivered_ += members.size();
    for (const trace::SiteGroupMember& member : members) {
      add_one(sites_.sites[member.site], word + static_cast<std::uint64_t>(std::int64_t{member.offset}));
    }
  }
}

// False: it is too much for footprints.
bool AccessCursor::add(const Access& access, const Segment& segment) {
  constexpr std::uint64_t kMostPages = 64;
  constexpr std::uint64_t kMostBytes = kMostPages * Shadow::kPage;
  const FootprintTeller tell{segment};
  const auto step = static_cast<std::uint64_t>(access.stride < 0 ? -access.stride : access.stride);
  if (access.count == 0 || access.size == 0) {
    return true;
  }
  const std::uint64_t reach = step * (access.count - 1);
  const bool is_one_piece = access.count == 1 || step <= access.size;
  const std::uint64_t pages =
      is_one_piece || reach <= kMostBytes ? (reach + access.size) / Shadow::kPage + 1 : access.count;
  if (access.size > kMostBytes || pages > kMostPages || !segment.footprints->can_afford(pages * access.rows)) {
    return false;
  }
  std::uint64_t first = access.address - (access.stride < 0 ? reach : 0);
  for (std::uint64_t row = 0; row < access.rows; ++row, first += static_cast<std::uint64_t>(access.row_stride)) {
    if (is_one_piece) {
      segment.footprints->add(access.kind, first, reach + access.size, tell);
    } else {
      segment.footprints->add_elements(access.kind, first, access.size, access.count, step, tell);
    }
  }
  return true;
}

}  // namespace gordian::analysis
