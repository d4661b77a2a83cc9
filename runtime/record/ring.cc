// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/ring.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "runtime/record/clock.h"
#include "runtime/record/futex.h"
#include "runtime/record/recorder.h"

namespace gordian::rt::record {

using trace::ChunkHeader;
using trace::ChunkState;

Ring g_ring;

namespace {

constexpr long kWaitStepMs = 20;
constexpr int kStallSteps = 5;   // of those without one: it has been put off for longer than a busy processor explains
constexpr int kWaitSteps = 150;  // three seconds without a single chunk freed: the drainer is stuck

constexpr std::int32_t kBehind = 24;  // sealed chunks: threads make theirs smaller before they would have to wait

constexpr std::uint32_t raw(ChunkState state) noexcept { return static_cast<std::uint32_t>(state); }

// One call for what would be a fault per page. Where the kernel does not know it, it is faults.
void populate(void* payload) noexcept {
  const int saved = errno;
  syscall(SYS_madvise, payload, trace::kChunkBytes, trace::kPopulateForWriting);
  errno = saved;
}

}  // namespace

bool Ring::create(int memfd, std::uint32_t chunk_count) noexcept {
  const std::uint64_t bytes = trace::ring_bytes(chunk_count);
  if (ftruncate(memfd, static_cast<off_t>(bytes)) != 0) {
    return false;
  }
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memfd, 0);
  if (memory == MAP_FAILED) {
    return false;
  }
  auto* base = static_cast<std::uint8_t*>(memory);
  header_ = new (base) trace::RingHeader;
  chunks_ = reinterpret_cast<ChunkHeader*>(base + trace::kChunkHeadersOffset);  // zero pages are valid, free headers
  payloads_ = base + trace::payloads_offset(chunk_count);
  count_ = chunk_count;
  drainer_ = 0;
  // relaxed: no producer yet.
  stalled_at_.store(0, std::memory_order_relaxed);
  gave_up_at_.store(0, std::memory_order_relaxed);
  header_->magic = trace::kRingMagic;
  header_->version = trace::kRingVersion;
  header_->chunk_bytes = trace::kChunkBytes;
  header_->chunk_count = chunk_count;
  header_->pid = static_cast<std::uint32_t>(getpid());
  header_->start_realtime_ns = clock_ns(CLOCK_REALTIME);
  header_->start_monotonic_ns = monotonic_ns();
  header_->start_cycles = __builtin_ia32_rdtsc();
  const ssize_t length = readlink("/proc/self/exe", header_->program, sizeof(header_->program) - 1);
  header_->program[length < 0 ? 0 : length] = '\0';
  return true;
}

void Ring::unmap() noexcept {
  if (header_ != nullptr) {
    munmap(header_, trace::ring_bytes(count_));
    header_ = nullptr;
  }
}

ChunkHeader* Ring::take(trace::Family family, std::uint32_t stream, std::uint64_t sequence) noexcept {
  // relaxed: advice from the drainer, its partner is the store there; acting on it late only costs a chunk.
  const std::uint32_t mode = header_->mode.load(std::memory_order_relaxed);
  if (mode == trace::kModeDropAll || (mode == trace::kModeDropAccesses && family == trace::Family::access)) {
    return nullptr;
  }
  ChunkHeader* chunk = scan(mode != trace::kModeNormal || is_stalled());
  if (chunk == nullptr && mode == trace::kModeNormal) {
    chunk = wait_and_scan();
  }
  if (chunk == nullptr) {
    return nullptr;
  }
  chunk->family = family;
  chunk->stream = stream;
  chunk->sequence = sequence;
  chunk->cycles = __builtin_ia32_rdtsc();
  chunk->monotonic_ns = monotonic_ns();
  return chunk;
}

ChunkHeader* Ring::take_free(std::uint32_t index) noexcept {
  ChunkHeader& chunk = chunks_[index];
  std::uint32_t expected = raw(ChunkState::free);
  // acquire on success: pairs with the drainer's release of `free`, so that its zeroes [I3] and its committed = 0 are
  // seen before our first byte. relaxed on failure: the chunk stays somebody else's.
  return chunk.state.compare_exchange_strong(expected, raw(ChunkState::owned), std::memory_order_acquire,
                                             std::memory_order_relaxed)
             ? &chunk
             : nullptr;
}

// First fit: the same few chunks go round and stay in the cache [I6].
ChunkHeader* Ring::scan(bool may_run_ahead) noexcept {
  std::uint32_t sealed = 0;
  // relaxed: chunks whose use we do not see yet are looked at below, or the next time.
  std::uint32_t used = std::min(header_->used.load(std::memory_order_relaxed), count_);
  for (std::uint32_t index = 0; index < used; ++index) {
    const std::uint32_t state = chunks_[index].state.load(std::memory_order_relaxed);  // only a filter
    if (state == raw(ChunkState::sealed) && ++sealed >= kBacklog && !may_run_ahead) {
      return nullptr;
    }
    if (state == raw(ChunkState::free)) {
      if (ChunkHeader* const chunk = take_free(index)) {
        return chunk;
      }
    }
  }
  while (used < count_) {
    // relaxed, both: a counter; the drainer sees it with the first seal of the chunk.
    if (!header_->used.compare_exchange_weak(used, used + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
      continue;
    }
    if (ChunkHeader* const chunk = take_free(used)) {
      populate(payload(chunk));
      return chunk;
    }
    ++used;
  }
  return nullptr;
}

// relaxed, all: hints between producers, whose staleness costs a step of the wait, or a chunk.
bool Ring::is_stalled() const noexcept {
  const std::uint32_t now = header_->freed.load(std::memory_order_relaxed) + 1;
  return stalled_at_.load(std::memory_order_relaxed) == now || gave_up_at_.load(std::memory_order_relaxed) == now;
}

// [I6] seq_cst on producers_sleep and freed: Dekker with the drainer's "add to freed, look at producers_sleep"; one of
// the two sees the other, so no wake-up is missed (and a missed one would cost a step of the wait, no more).
ChunkHeader* Ring::wait_and_scan() noexcept {
  std::uint32_t seen = header_->freed.load(std::memory_order_seq_cst);
  // relaxed, here and at the end: a hint between producers, whose staleness costs one more bounded wait.
  if (gave_up_at_.load(std::memory_order_relaxed) == seen + 1) {
    return nullptr;
  }
  header_->producers_sleep.fetch_add(1, std::memory_order_seq_cst);
  ChunkHeader* chunk = nullptr;
  for (int step = 0; step < kWaitSteps; ++step) {
    const std::uint32_t now = header_->freed.load(std::memory_order_seq_cst);
    if (now != seen) {
      seen = now;
      step = 0;
    } else if (step >= kStallSteps) {
      stalled_at_.store(seen + 1, std::memory_order_relaxed);  // partner: the load in is_stalled
    }
    chunk = scan(is_stalled());
    if (chunk != nullptr) {
      break;
    }
    futex_wake_all(header_->sealed);  // [I7]
    futex_wait(header_->freed, seen, kWaitStepMs);
    if (drainer_is_gone()) {
      // relaxed: advice for the other producers, read in take().
      header_->mode.store(trace::kModeDropAll, std::memory_order_relaxed);
      break;
    }
  }
  header_->producers_sleep.fetch_sub(1, std::memory_order_seq_cst);
  if (chunk == nullptr) {
    gave_up_at_.store(seen + 1, std::memory_order_relaxed);
  }
  return chunk;
}

// relaxed, all: how hard we work at a chunk depends on it, nothing else. What wake() adds to `sealed` is no matter.
bool Ring::is_behind() const noexcept {
  const std::uint32_t ahead =
      header_->sealed.load(std::memory_order_relaxed) - header_->freed.load(std::memory_order_relaxed);
  return header_->keeps_all.load(std::memory_order_relaxed) == 0 && static_cast<std::int32_t>(ahead) > kBehind;
}

bool Ring::drainer_is_gone() const noexcept {
  const Internal internal;  // kill is replaced: the program's own calls are recorded
  const int saved = errno;
  const bool gone = drainer_ > 0 && kill(drainer_, 0) != 0 && errno == ESRCH;
  errno = saved;
  return gone;
}

void Ring::seal(ChunkHeader* chunk) noexcept {
  // release: pairs with the drainer's acquire; header and payload are complete before the chunk changes hands [I1]
  // [I5].
  chunk->state.store(raw(ChunkState::sealed), std::memory_order_release);
  // seq_cst, both: Dekker with the drainer's "say that I sleep, look at sealed"; one of the two sees the other.
  const std::uint32_t sealed = header_->sealed.fetch_add(1, std::memory_order_seq_cst) + 1;
  // [I7] relaxed: partner: the store before the one to drainer_sleeps, in the drainer's wait. A later sleep's value
  // puts the wake-up off, or, beyond our count, wakes for nothing.
  if (header_->drainer_sleeps.load(std::memory_order_seq_cst) != 0 &&
      sealed - header_->drainer_saw.load(std::memory_order_relaxed) >= std::min(trace::kWakeAfter, count_ / 8)) {
    futex_wake_all(header_->sealed);
  }
}

// relaxed, both: counters that the drainer reads after the program's end, which orders them.
void Ring::lose_sync(std::uint64_t events) noexcept { header_->lost_sync.fetch_add(events, std::memory_order_relaxed); }
void Ring::lose_access(std::uint64_t words) noexcept {
  header_->lost_access.fetch_add(words, std::memory_order_relaxed);
}

}  // namespace gordian::rt::record
