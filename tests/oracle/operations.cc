// SPDX-License-Identifier: Apache-2.0
// What an actor does by itself: memory, atomics, other actors, rest.
#include <algorithm>
#include <bit>

#include "tests/oracle/simulation.h"

namespace gordian::oracle {

using trace::AccessKind;
using trace::WaitReason;

Bytes Simulation::bytes_of(std::uint64_t offset, std::uint64_t size) {
  Bytes bytes;
  for (std::uint64_t i = 0; i < size; ++i) {
    bytes.set(offset + i);
  }
  return bytes;
}

void Simulation::operate(Actor& actor) {
  const std::uint64_t dice = below(100);
  if (dice < 13) {
    access(actor);
  } else if (dice < 24) {
    use_heap(actor);
  } else if (dice < 27) {
    use_cond(actor, conds_.front());
  } else if (dice < 30) {
    use_semaphore(actor, semaphores_.front());
  } else if (dice < 32) {
    use_timer(actor, timers_.front());
  } else if (dice < 45) {
    use_lock(actor, locks_[below(locks_.size())]);
  } else if (dice < 62) {
    use_channel(actor, channels_[below(channels_.size())]);
  } else if (dice < 67) {
    use_wait_group(actor, groups_.front());
  } else if (dice < 70) {
    use_once(actor, onces_.front());
  } else if (dice < 80) {
    atomic(actor, kAtomicOffset + 8 * below(2));
  } else if (dice < 83) {
    fence(actor);
  } else if (dice < 88) {
    memory(actor);
  } else if (dice < 93) {
    spawn(actor);
  } else if (dice < 95) {
    join(actor);
  } else if (dice < 98) {
    rest(actor);
  } else {
    remark(actor);
  }
}

void Simulation::log_access(const Actor& actor, std::uint64_t site, AccessKind kind, const Bytes& bytes) {
  ++accesses_;
  log({actor.id, {}, {function_of(actor), static_cast<std::uint32_t>(site), kind}, bytes});
}

void Simulation::access(Actor& actor) {
  if (chance(15)) {
    range(actor);
    return;
  }
  const std::uint64_t size = std::uint64_t{1} << below(kSizes);
  const std::uint64_t offset = chance(15) ? kAtomicOffset + below(16) : below(kSharedBytes);
  plain(actor, offset, size, chance(50));
}

void Simulation::plain(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write) {
  const std::uint64_t log = static_cast<std::uint64_t>(std::countr_zero(size));
  const std::uint64_t access_site = (is_write ? kWriteSite : kReadSite) + log;
  out_->access(access_site, kMemory + offset);
  log_access(actor, access_site, is_write ? AccessKind::write : AccessKind::read, bytes_of(offset, size));
}

// A stretch of bytes, or equally spaced elements forwards or backwards.
void Simulation::range(Actor& actor) {
  const bool is_write = chance(50);
  if (chance(50)) {
    const std::uint64_t offset = chance(40) ? kRangeOffset : kRangeOffset + below(400);
    range(actor, offset, 1 + below(kRangeEnd - offset), is_write);
    return;
  }
  if (has_matrices_ && chance(40)) {
    chance(50) ? matrix(actor, is_write) : bitmap(actor, is_write);
    return;
  }
  if (chance(50)) {
    strided(actor, kRangeOffset, kRangeEnd - kRangeOffset, is_write);
    return;
  }
  const std::uint64_t count = 2 + below(4);
  const std::int64_t stride = static_cast<std::int64_t>(below(33)) - 16;
  strided(actor, kRangeOffset + 200 + below(100), below(kSizes), count, stride, is_write);
}

// As many as there is room for, side by side or with gaps, over granules and pages.
void Simulation::strided(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write) {
  const std::uint64_t log = below(kSizes);
  const std::uint64_t stride = chance(30) ? std::uint64_t{1} << log : 8 * (1 + below(chance(50) ? 4 : 140));
  const std::uint64_t begin = chance(50) ? 0 : below(std::min<std::uint64_t>(size / 2, 64));
  const std::uint64_t most = (size - begin - (std::uint64_t{1} << log)) / stride + 1;
  const std::uint64_t count = chance(50) ? most : 1 + below(most);
  const bool is_backwards = chance(30);
  const std::uint64_t first = offset + begin + (is_backwards ? (count - 1) * stride : 0);
  const auto step = static_cast<std::int64_t>(stride);
  strided(actor, first, log, count, is_backwards ? -step : step, is_write);
}

void Simulation::strided(Actor& actor, std::uint64_t offset, std::uint64_t log, std::uint64_t count,
                         std::int64_t stride, bool is_write) {
  const std::uint64_t strided_site = (is_write ? kWriteSite : kReadSite) + log;
  out_->strided(strided_site, kMemory + offset, count, stride);
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    bytes |= bytes_of(offset + i * static_cast<std::uint64_t>(stride), std::uint64_t{1} << log);
  }
  log_access(actor, strided_site, is_write ? AccessKind::write : AccessKind::read, bytes);
}

// Rows apart, in one another, or one upon the other, to and fro.
void Simulation::matrix(Actor& actor, bool is_write) {
  const std::uint64_t log = below(kSizes);
  const std::uint64_t size = std::uint64_t{1} << log;
  const std::uint64_t count = 1 + below(6);
  const std::uint64_t rows = 1 + below(6);
  const std::uint64_t room = kRangeEnd - kRangeOffset;
  const std::uint64_t stride = below(room / 2 / count);
  const std::uint64_t row_stride = below((room - size - stride * (count - 1)) / rows);
  const bool is_backwards = chance(30);
  const bool is_upwards = chance(30);
  const std::uint64_t first =
      kRangeOffset + (is_backwards ? (count - 1) * stride : 0) + (is_upwards ? (rows - 1) * row_stride : 0);
  const auto step = is_backwards ? -static_cast<std::int64_t>(stride) : static_cast<std::int64_t>(stride);
  const auto row_step = is_upwards ? -static_cast<std::int64_t>(row_stride) : static_cast<std::int64_t>(row_stride);
  const std::uint64_t site = (is_write ? kWriteSite : kReadSite) + log;
  out_->matrix(site, kMemory + first, count, step, rows, row_step);
  Bytes bytes;
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::uint64_t i = 0; i < count; ++i) {
      bytes |=
          bytes_of(first + row * static_cast<std::uint64_t>(row_step) + i * static_cast<std::uint64_t>(step), size);
    }
  }
  log_access(actor, site, is_write ? AccessKind::write : AccessKind::read, bytes);
}

// Many or few of the neighbours there are, which overlap, touch or leave gaps; or ranges of them.
void Simulation::bitmap(Actor& actor, bool is_write) {
  const std::uint64_t log = below(kSizes);
  const auto shift = static_cast<unsigned>(below(5));
  const bool is_of_ranges = chance(30);
  const std::uint64_t size = std::uint64_t{1} << (is_of_ranges ? shift : log);
  const std::uint64_t room = kRangeEnd - kRangeOffset - size;
  const std::uint64_t count = std::min<std::uint64_t>(1 + below(140), room >> shift);
  const std::uint64_t first = kRangeOffset + below(room - ((count - 1) << shift) + 1);
  const unsigned density = chance(50) ? 90 : 20;
  const std::uint64_t range_site = is_write ? kRangeWriteSite : kRangeReadSite;
  const std::uint64_t site = is_of_ranges ? range_site : (is_write ? kWriteSite : kReadSite) + log;
  std::vector<std::uint64_t> bits((count + 63) / 64);
  for (std::uint64_t i = 0; i < count; ++i) {
    bits[i / 64] |= std::uint64_t{chance(density)} << i % 64;
  }
  out_->bitmap(site | (is_of_ranges ? trace::kBitmapOfRanges : 0), kMemory + first, shift, bits);
  Bytes bytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool is_set = (bits[i / 64] >> i % 64 & 1) != 0;
    if (is_set) {
      bytes |= bytes_of(first + (i << shift), size);
    }
    const bool goes_on = is_of_ranges && is_set && i + 1 < count;
    if (bytes.any() && !goes_on) {
      log_access(actor, site, is_write ? AccessKind::write : AccessKind::read, bytes);
      bytes.reset();
    }
  }
}

void Simulation::range(Actor& actor, std::uint64_t offset, std::uint64_t size, bool is_write) {
  const std::uint64_t range_site = is_write ? kRangeWriteSite : kRangeReadSite;
  out_->range(range_site, kMemory + offset, size);
  log_access(actor, range_site, is_write ? AccessKind::write : AccessKind::read, bytes_of(offset, size));
}

void Simulation::atomic(Actor& actor, std::uint64_t offset) {
  const std::uint64_t address = kMemory + offset;
  const auto op = static_cast<trace::AtomicOp>(below(3));
  trace::Atomic event{kAtomicSite,   address,         8, static_cast<std::uint64_t>(op), below(6),
                      address >> 26, ++atomic_ticket_};
  write(event);
  const AccessKind kind = op == trace::AtomicOp::load ? AccessKind::atomic_read : AccessKind::atomic_write;
  log({actor.id, event, {function_of(actor), kAtomicSite, kind}, bytes_of(offset, 8)});
}

void Simulation::fence(Actor& actor) { perform(actor, trace::Fence{site(), 2 + below(4)}); }

void Simulation::memory(Actor& actor) {
  const std::uint64_t slot = below(kSlots);
  if (block_owner_[slot] != 0 && block_owner_[slot] != actor.id) {
    return;
  }
  const std::uint64_t offset = slot < kSmallSlots    ? kPrivateOffset + slot * kSmallSlotBytes
                               : slot == kSmallSlots ? kPageOffset
                                                     : kPageOffset + kPageSplit;
  const std::uint64_t size = slot < kSmallSlots    ? kSmallSlotBytes
                             : slot == kSmallSlots ? kPageSplit
                                                   : kPageEnd - kPageOffset - kPageSplit;
  const std::uint64_t address = kMemory + offset;
  const std::uint64_t kind = below(4);
  if (block_owner_[slot] == 0) {
    const trace::Alloc event{site(), address, size, kind, address >> 26, ++memory_ticket_};
    write(event);
    log({actor.id, event, {}, bytes_of(offset, size)});
    block_owner_[slot] = actor.id;
    use_private(actor, slot);
  } else if (chance(40)) {
    use_private(actor, slot);
    const trace::Free event{site(), address, size, kind, address >> 26, ++memory_ticket_};
    write(event);
    log({actor.id, event, {}, bytes_of(offset, size)});
    block_owner_[slot] = 0;
  } else {
    use_private(actor, slot);
  }
}

// Nobody else may touch what an actor has allocated: only the end of its life keeps it apart from the next owner's.
void Simulation::use_private(Actor& actor, std::uint64_t slot) {
  if (slot < kSmallSlots) {
    plain(actor, kPrivateOffset + slot * kSmallSlotBytes + below(5), 8, true);
  } else if (block_owner_[kSmallSlots] == actor.id && block_owner_[kSmallSlots + 1] == actor.id) {
    range(actor, kPageOffset, kPageEnd - kPageOffset, true);
  } else {
    plain(actor, kPageOffset + (slot == kSmallSlots ? kPageSplit - 8 : kPageSplit), 8, true);
  }
}

void Simulation::spawn(Actor& actor) {
  if (actors_.size() >= 12) {
    return;
  }
  const bool is_thread = chance(25);
  Actor& child = create(is_thread);
  if (is_thread) {
    perform(actor, trace::ThreadCreate{site(), child.id, ++actor.children});
    begin_thread(child);
  } else {
    perform(actor, trace::Go{site(), child.id, ++actor.children});
  }
}

void Simulation::join(Actor& actor) {
  const auto thread = std::find_if(actors_.begin(), actors_.end(), [&](const Actor& other) {
    return other.is_thread && &other != &actor && other.joins == nullptr;
  });
  if (thread == actors_.end()) {
    return;
  }
  actor.joins = &*thread;
  const auto finish_join = [this](Actor& self) {
    perform(self, trace::ThreadJoin{site(), self.joins->id});
    self.joins = nullptr;
  };
  if (thread->state == State::ended) {
    finish_join(actor);
    return;
  }
  actor.resume = finish_join;
  block(actor, WaitReason::thread_join, {thread->id});
}

// Yields, sleeps or ends.
void Simulation::rest(Actor& actor) {
  if (chance(40)) {
    ready(actor);
    stream_of(actor).actor = nullptr;
    here_ = nullptr;
  } else if (chance(50)) {
    actor.sleeps = true;
    block(actor, WaitReason::sleep, {});
  } else if (actor.id != 1 && onces_.front().writer != &actor && !actor.is_enlisted) {
    end(actor);
  }
}

// Events that order nothing.
void Simulation::remark(Actor& actor) {
  switch (below(6)) {
    case 0:
      write(trace::Name{"actor-" + std::to_string(actor.id)});
      break;
    case 1:
      write(trace::Panic{site(), static_cast<std::uint64_t>(trace::PanicCode::user), 0, "a \"quoted\" text\n"});
      break;
    case 2:
      write(trace::Fork{site(), ++forks_});
      break;
    case 3:
      write(trace::SignalHandler{site(), 15});
      break;
    case 4:
      if (const auto thread = std::ranges::find_if(actors_, &Actor::is_thread); thread != actors_.end()) {
        write(trace::ThreadDetach{site(), thread->id});
      }
      break;
    default:
      write(trace::Loss{static_cast<std::uint64_t>(trace::Family::access), 3, 0});
  }
}

}  // namespace gordian::oracle
