// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/shared_ring.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>
#include <map>
#include <tuple>
#include <utility>

#include "runtime/trace/access_word.h"

namespace gordian::analysis {

using trace::ChunkHeader;
using trace::ChunkState;
using trace::Family;

namespace {

constexpr std::uint32_t kTellAfter = 16;        // chunks
constexpr std::uint32_t kMaxChunks = 1u << 20;  // 64 GiB: more is not a ring but a mistake

Error bad_ring(const char* what) { return {ErrorKind::corrupt, "ring", what, ""}; }

// Words after the first one of an access record.
std::uint64_t words_behind(std::uint64_t word) {
  return trace::is_control(word) ? trace::operand_count(word).value_or(0) : 0;
}

// [I3] The records of a dead program's access chunk go on past what was committed, up to the first zero word. A last
// record with a zero operand was cut in the middle.
std::uint32_t whole_records(const std::uint64_t* words, std::uint32_t committed) {
  constexpr std::uint32_t kWords = trace::kChunkBytes / 8;
  std::uint32_t end = committed;
  while (end < kWords && words[end] != 0) {
    const std::uint64_t next = end + 1 + words_behind(words[end]);
    if (next > kWords) {
      break;
    }
    const bool is_last = next == kWords || words[next] == 0;
    if (is_last && std::find(words + end, words + next, 0) != words + next) {
      break;
    }
    end = static_cast<std::uint32_t>(next);
  }
  return end;
}

// Names first: when the disk is full, what was written before should still be readable.
std::tuple<bool, Family, std::uint32_t, std::uint64_t> order(const ChunkView& view) {
  return {view.family != Family::tables, view.family, view.stream, view.sequence};
}

}  // namespace

Result<SharedRing> SharedRing::map(Descriptor memfd) {
  struct stat status{};
  if (fcntl(memfd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0 || fstat(memfd.get(), &status) != 0) {
    return bad_ring("the descriptor is not a memory file that can be sealed");
  }
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes < trace::ring_bytes(1)) {
    return bad_ring("too small");
  }
  trace::RingHeader copy;
  if (pread(memfd.get(), &copy, sizeof(copy), 0) != static_cast<ssize_t>(sizeof(copy)) ||
      copy.magic != trace::kRingMagic || copy.chunk_bytes != trace::kChunkBytes) {
    return bad_ring("not a ring");
  }
  if (copy.version != trace::kRingVersion) {
    return Error{ErrorKind::unsupported, "ring", "the program's runtime speaks another version of the ring",
                 "rebuild the program with this version of Gordian"};
  }
  if (copy.chunk_count == 0 || copy.chunk_count > kMaxChunks || trace::ring_bytes(copy.chunk_count) != bytes) {
    return bad_ring("the number of chunks does not fit its size");
  }
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0);
  if (memory == MAP_FAILED) {
    return Error{ErrorKind::io, "ring", std::string("cannot be mapped: ") + std::strerror(errno), ""};
  }
  SharedRing ring(memory, copy.chunk_count);
  ring.program_.assign(copy.program, strnlen(copy.program, sizeof(copy.program)));
  ring.start_realtime_ns_ = copy.start_realtime_ns;
  ring.start_monotonic_ns_ = copy.start_monotonic_ns;
  ring.start_cycles_ = copy.start_cycles;
  ring.options_ = copy.options;
  ring.parent_trace_ = copy.parent_trace;
  ring.parent_fork_ = copy.parent_fork;
  return ring;
}

SharedRing::SharedRing(void* memory, std::uint32_t chunk_count)
    : memory_(static_cast<std::uint8_t*>(memory)), count_(chunk_count) {}

SharedRing::SharedRing(SharedRing&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      count_(other.count_),
      populated_(other.populated_.load(std::memory_order_relaxed)),  // nobody else has it yet
      program_(std::move(other.program_)),
      start_realtime_ns_(other.start_realtime_ns_),
      start_monotonic_ns_(other.start_monotonic_ns_),
      start_cycles_(other.start_cycles_),
      options_(other.options_),
      parent_trace_(other.parent_trace_),
      parent_fork_(other.parent_fork_) {}

SharedRing::~SharedRing() {
  if (memory_ != nullptr) {
    munmap(memory_, trace::ring_bytes(count_));
  }
}

trace::RingHeader& SharedRing::header() const { return *reinterpret_cast<trace::RingHeader*>(memory_); }

ChunkHeader& SharedRing::chunk(std::uint32_t index) const {
  return reinterpret_cast<ChunkHeader*>(memory_ + trace::kChunkHeadersOffset)[index];
}

const std::uint8_t* SharedRing::payload(const ChunkView& chunk) const {
  return memory_ + trace::payloads_offset(count_) + std::uint64_t{chunk.index} * trace::kChunkBytes;
}

ChunkView SharedRing::view(std::uint32_t index) const {
  const ChunkHeader& raw = chunk(index);
  ChunkView view{.index = index,
                 .family = raw.family,
                 .stream = raw.stream,
                 // acquire: pairs with the producer's release in commit; the bytes below are complete [I2].
                 .bytes = std::min(raw.committed.load(std::memory_order_acquire), trace::kChunkBytes),
                 .sequence = raw.sequence,
                 .actor = raw.actor,
                 .first_ordinal = raw.first_ordinal,
                 .cycles = raw.cycles,
                 .monotonic_ns = raw.monotonic_ns};
  if (view.family == Family::access) {
    view.bytes &= ~7u;
  }
  return view;
}

// relaxed: after the acquire of a sealed chunk's state, or of sealed_count(), it counts the chunks that the same thread
// used before. The program may have scribbled over it.
std::uint32_t SharedRing::used() const { return std::min(header().used.load(std::memory_order_relaxed), count_); }

template <class Visit>
void SharedRing::visit(bool owned_too, Visit&& see) const {
  for (std::uint32_t index = 0, end = owned_too ? count_ : used(); index < end; ++index) {
    // acquire: pairs with the producer's release in seal; header and payload are complete [I1].
    const auto state = static_cast<ChunkState>(chunk(index).state.load(std::memory_order_acquire));
    if (state == ChunkState::sealed || (owned_too && state == ChunkState::owned)) {
      const ChunkView seen = view(index);
      // A producer that died between taking a chunk and filling in its header left nothing in it.
      if (seen.family == Family::sync || seen.family == Family::access || seen.family == Family::tables) {
        see(seen);
      }
    }
  }
}

std::vector<ChunkView> SharedRing::scan(bool owned_too, std::optional<StreamOfChunks> only) const {
  std::vector<ChunkView> found;
  visit(owned_too, [&](const ChunkView& view) {
    if (!only || *only == StreamOfChunks{view.family, view.stream}) {
      found.push_back(view);
    }
  });
  std::sort(found.begin(), found.end(), [](const ChunkView& a, const ChunkView& b) { return order(a) < order(b); });
  return found;
}

std::map<StreamOfChunks, std::uint32_t> SharedRing::sealed_streams() const {
  std::map<StreamOfChunks, std::uint32_t> streams;
  visit(false, [&](const ChunkView& view) { ++streams[{view.family, view.stream}]; });
  return streams;
}

// One look may see chunk n + 1 of a stream and have passed chunk n before it was sealed. By [I5] a second look then
// finds n; of what else it finds, only predecessors of the first look's chunks are taken.
std::vector<ChunkView> SharedRing::sealed_chunks(std::optional<StreamOfChunks> only) {
  std::map<StreamOfChunks, std::uint64_t> last;
  std::uint32_t highest = 0;
  for (const ChunkView& view : scan(false, only)) {
    highest = std::max(highest, view.index);
    last[{view.family, view.stream}] = view.sequence;
  }
  if (last.empty()) {
    return {};
  }
  populate(highest + 1);
  std::vector<ChunkView> second = scan(false, only);
  std::erase_if(second, [&](const ChunkView& view) {
    const auto found = last.find({view.family, view.stream});
    return found == last.end() || view.sequence > found->second;
  });
  return second;
}

// One call for what would be faults, page by page, of memory that the program has touched. If it fails they are faults.
// relaxed, both: two threads may do the same, nothing is read through it.
void SharedRing::populate(std::uint32_t chunks) {
  const std::uint32_t before = populated_.load(std::memory_order_relaxed);
  if (chunks <= before) {
    return;
  }
  madvise(memory_ + trace::payloads_offset(count_) + std::uint64_t{before} * trace::kChunkBytes,
          std::uint64_t{chunks - before} * trace::kChunkBytes, trace::kPopulateForWriting);
  populated_.store(chunks, std::memory_order_relaxed);
}

std::vector<ChunkView> SharedRing::remaining_chunks(bool is_dead) {
  std::vector<ChunkView> found = scan(true, std::nullopt);
  for (ChunkView& view : found) {
    if (is_dead && view.family == Family::access) {
      view.bytes = whole_records(reinterpret_cast<const std::uint64_t*>(payload(view)), view.bytes / 8) * 8;
    }
  }
  std::erase_if(found, [](const ChunkView& view) { return view.bytes == 0; });
  return found;
}

void SharedRing::free_chunk(const ChunkView& view) {
  ChunkHeader& raw = chunk(view.index);
  std::memset(const_cast<std::uint8_t*>(payload(view)), 0, view.bytes);
  raw.committed.store(0, std::memory_order_relaxed);  // published by the release below
  // release: pairs with the producer's acquire in take; it sees zeroes and committed = 0 [I3].
  raw.state.store(static_cast<std::uint32_t>(ChunkState::free), std::memory_order_release);
  // seq_cst, here and below: Dekker with the producer's "say that I sleep, look at freed" [I6].
  if (header().freed.fetch_add(1, std::memory_order_seq_cst) % kTellAfter == kTellAfter - 1) {
    tell_producers();
  }
}

void SharedRing::tell_producers() {
  if (header().producers_sleep.load(std::memory_order_seq_cst) != 0) {
    syscall(SYS_futex, &header().freed, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  }
}

// seq_cst: pairs with the producer's fetch_add in seal; see wait_for_sealed.
std::uint32_t SharedRing::sealed_count() const { return header().sealed.load(std::memory_order_seq_cst); }

// seq_cst on drainer_sleeps: Dekker with the producer's "add to sealed, look at drainer_sleeps"; the kernel compares
// the word with `seen` once more before it puts us to sleep.
void SharedRing::wait_for_sealed(std::uint32_t seen, long milliseconds) {
  const timespec timeout{milliseconds / 1000, milliseconds % 1000 * 1000000};
  header().drainer_saw.store(seen, std::memory_order_relaxed);  // [I7]; partner: the load in Ring::seal
  header().drainer_sleeps.store(1, std::memory_order_seq_cst);
  syscall(SYS_futex, &header().sealed, FUTEX_WAIT, seen, &timeout, nullptr, 0);
  header().drainer_sleeps.store(0, std::memory_order_seq_cst);
}

// Moves the word too, so that a sleeper that is only about to sleep returns at once.
void SharedRing::wake() {
  header().sealed.fetch_add(1, std::memory_order_seq_cst);
  syscall(SYS_futex, &header().sealed, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// relaxed, all: a sample. A chunk that was emptied meanwhile changes the sum too.
std::uint64_t SharedRing::recorded() const {
  std::uint64_t sum = std::uint64_t{header().sealed.load(std::memory_order_relaxed)} << 32;
  for (std::uint32_t index = 0; index < count_; ++index) {
    sum += chunk(index).committed.load(std::memory_order_relaxed);
  }
  return sum;
}

// relaxed, all: advice and counters; nothing else is published through them.
void SharedRing::keep_all() { header().keeps_all.store(1, std::memory_order_relaxed); }
void SharedRing::note_dropped() { header().dropped.fetch_add(1, std::memory_order_relaxed); }
void SharedRing::set_mode(trace::RingMode mode) { header().mode.store(mode, std::memory_order_relaxed); }
std::uint64_t SharedRing::lost_sync() const { return header().lost_sync.load(std::memory_order_relaxed); }
std::uint64_t SharedRing::lost_access() const { return header().lost_access.load(std::memory_order_relaxed); }
std::uint32_t SharedRing::forks() const { return header().forks.load(std::memory_order_relaxed); }
std::uint32_t SharedRing::lost_children() const { return header().lost_children.load(std::memory_order_relaxed); }

}  // namespace gordian::analysis
