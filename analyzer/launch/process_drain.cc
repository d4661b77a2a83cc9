// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/process_drain.h"

#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <utility>

namespace gordian::analysis {

namespace {

// Some sealed chunks [I7] and the process's death wake us. The timeout bounds how long fewer wait in the ring, what a
// scribbling program can do to us, and how soon a full disk is tried again.
constexpr long kIdleMs = 200;

// Threads of one process's drainer, and chunks of a stream that one takes before it looks around again.
constexpr std::size_t kMostWorkers = 4;
constexpr std::size_t kMostAtOnce = 16;
constexpr std::size_t kMostLastWorkers = 4096;

trace::FileHeader file_header(const SharedRing& ring, pid_t pid, std::uint64_t starter, bool every_access) {
  trace::FileHeader header;
  header.pid = static_cast<std::uint32_t>(pid);
  header.options = ring.options() | (every_access ? 0 : trace::kOptionReduced);
  header.start_realtime_ns = ring.start_realtime_ns();
  header.start_monotonic_ns = ring.start_monotonic_ns();
  header.start_cycles = ring.start_cycles();
  header.parent_trace = ring.parent_trace() != 0 ? ring.parent_trace() : starter;
  header.parent_fork = ring.parent_fork();
  return header;
}

// How many events a chunk holds, if the next one of its stream says so; else there is one at least.
std::uint64_t events_in(const std::vector<ChunkView>& chunks, std::size_t index) {
  const ChunkView& chunk = chunks[index];
  if (index + 1 == chunks.size() || chunks[index + 1].family != chunk.family ||
      chunks[index + 1].stream != chunk.stream || chunks[index + 1].first_ordinal <= chunk.first_ordinal) {
    return 1;
  }
  return chunks[index + 1].first_ordinal - chunk.first_ordinal;
}

// From that one on, no more than are taken at once.
std::span<const ChunkView> of_one_stream(const std::vector<ChunkView>& chunks, std::size_t index) {
  std::size_t end = index + 1;
  while (end < chunks.size() && end - index < kMostAtOnce && chunks[end].family == chunks[index].family &&
         chunks[end].stream == chunks[index].stream) {
    ++end;
  }
  return std::span(chunks).subspan(index, end - index);
}

}  // namespace

Result<std::unique_ptr<ProcessDrain>> ProcessDrain::start(Connection connection, const RunOptions& options,
                                                          const Descent& descent) {
  Result<SharedRing> ring = SharedRing::map(std::move(connection.memfd));
  if (!ring) {
    answer_hello(connection, false);
    return ring.error();
  }
  Result<TraceWriter> writer = create_output(*ring, connection.pid, options, descent);
  if (!writer) {
    answer_hello(connection, false);
    return writer.error();
  }
  if (options.every_access) {
    ring->keep_all();
  }
  const std::string command = options.record_command ? connection.command : "";
  if (Result<void> header = writer->write_header(
          file_header(*ring, connection.pid, descent.starter, options.every_access), ring->program(), command);
      !header) {
    answer_hello(connection, false);
    return header.error();
  }
  std::unique_ptr<ProcessDrain> drain(
      new ProcessDrain(std::move(connection), std::move(ring).value(), std::move(writer).value(), options));
  answer_hello(drain->connection_, true);
  drain->connection_.socket = Descriptor();
  return drain;
}

ProcessDrain::ProcessDrain(Connection connection, SharedRing ring, TraceWriter writer, const RunOptions& options)
    : connection_(std::move(connection)),
      ring_(std::move(ring)),
      every_access_(options.every_access),
      hurries_(options.is_read_at_once),
      worker_(every_access_, hurries_),
      most_workers_(std::min<std::size_t>(std::thread::hardware_concurrency(), kMostWorkers)),
      writer_(std::move(writer)) {
  thread_ = std::thread([this] { run(); });
}

std::uint64_t ProcessDrain::identity() const {
  return trace::trace_identity(ring_.start_realtime_ns(), ring_.start_cycles());
}

ProcessDrain::~ProcessDrain() {
  if (thread_.joinable()) {
    give_up();
    thread_.join();
  }
}

// release: pairs with the acquire in run().
void ProcessDrain::note_death() {
  order_.store(Order::process_is_dead, std::memory_order_release);
  ring_.wake();
}

// release: pairs with the acquire in run(). relaxed on failure: another order came first, nothing is read through it.
void ProcessDrain::give_up() {
  Order expected = Order::drain;
  order_.compare_exchange_strong(expected, Order::give_up, std::memory_order_release, std::memory_order_relaxed);
  ring_.wake();
}

// acquire: pairs with the release at the end of run().
bool ProcessDrain::is_done() const { return done_.load(std::memory_order_acquire); }

void ProcessDrain::run() {
  for (;;) {
    const std::uint32_t seen = ring_.sealed_count();
    // acquire: pairs with note_death; a dead process's last words are complete.
    const Order order = order_.load(std::memory_order_acquire);
    const bool progress = writer_.keeps() ? drain_some(worker_) : discard();
    if (order != Order::drain) {
      end_helpers();
      if (order == Order::give_up) {
        ring_.set_mode(trace::kModeDropAll);
      }
      store_rest(ring_.remaining_chunks(order == Order::process_is_dead));
      break;
    }
    if (progress) {
      call_helper();
    } else {
      ring_.wait_for_sealed(seen, kIdleMs);
    }
  }
  write_end();
  // release: pairs with is_done(); the counters and the file are complete.
  done_.store(true, std::memory_order_release);
}

bool ProcessDrain::discard() {
  const std::vector<ChunkView> chunks = ring_.sealed_chunks();
  for (const ChunkView& chunk : chunks) {
    discarded_ += chunk.bytes;
    ring_.free_chunk(chunk);
  }
  ring_.tell_producers();
  return !chunks.empty();
}

// One look at the ring, and some chunks of one stream. False: there was nothing, or the disk is full.
bool ProcessDrain::drain_some(DrainWorker& worker) {
  const std::optional<StreamOfChunks> stream = claim(worker);
  if (!stream) {
    return false;
  }
  std::vector<ChunkView> chunks = ring_.sealed_chunks(stream);
  bool progress = chunks.empty();  // another worker was quicker: there may be more elsewhere
  chunks.resize(std::min(chunks.size(), kMostAtOnce));
  for (std::span<const ChunkView> rest = chunks; !rest.empty();) {
    const Stored stored = store(worker, rest);
    if (!stored.succeeded && stream->first != trace::Family::access) {
      progress = false;
      break;  // stays sealed in the ring, and everything after it
    }
    for (const ChunkView& chunk : rest.first(stored.chunks)) {
      if (!stored.succeeded) {
        ring_.note_dropped();
      }
      ring_.free_chunk(chunk);
    }
    progress = progress || stored.succeeded;
    rest = rest.subspan(stored.chunks);
  }
  ring_.tell_producers();
  const std::lock_guard lock(sharing_);
  claimed_.erase(*stream);
  return progress;
}

// Names come first: when the disk is full, what was written before should still be readable. Then synchronisation, then
// accesses: where they are most, but rather those of a stream that this worker had before.
std::optional<StreamOfChunks> ProcessDrain::claim(const DrainWorker& worker) {
  const std::map<StreamOfChunks, std::uint32_t> sealed = ring_.sealed_streams();
  const std::lock_guard lock(sharing_);
  const auto rank = [&](const StreamOfChunks& stream) {
    if (stream.first != trace::Family::access) {
      return stream.first == trace::Family::tables ? 3 : 2;
    }
    const auto last = last_worker_.find(stream.second);
    return last == last_worker_.end() || last->second == &worker ? 1 : 0;
  };
  std::optional<StreamOfChunks> best;
  std::pair<int, std::uint32_t> best_rank;
  std::size_t unclaimed = 0;
  for (const auto& [stream, count] : sealed) {
    if (claimed_.contains(stream)) {
      continue;
    }
    ++unclaimed;
    if (const std::pair<int, std::uint32_t> its = {rank(stream), count}; !best || its > best_rank) {
      best = stream;
      best_rank = its;
    }
  }
  if (best) {
    claimed_.insert(*best);
    if (best->first == trace::Family::access) {
      if (last_worker_.size() == kMostLastWorkers) {
        last_worker_.clear();
      }
      last_worker_[best->second] = &worker;
    }
    if (unclaimed > 1) {
      is_helper_wanted_ = true;
      wanted_.notify_one();
    }
  }
  return best;
}

// Chunks of one stream, as many of them as can be joined to one.
ProcessDrain::Stored ProcessDrain::store(DrainWorker& worker, std::span<const ChunkView> chunks) {
  const ChunkView& first = chunks.front();
  const std::size_t most = is_disk_full() ? 1 : chunks.size();  // what fails is lost as a whole
  const DrainWorker::Ready ready = worker.make_ready(ring_, chunks.first(most), sequence_of(first));
  const std::lock_guard lock(writing_);
  if (const Result<void> written = writer_.write_chunk(ready.chunk); !written) {
    fail(written.error());
    if (first.family == trace::Family::access) {
      for (const ChunkView& chunk : chunks.first(ready.count)) {
        lost_access_ += chunk.bytes / 8;
      }
      worker.forget();
    }
    return {ready.count, false};
  }
  if (ready.count > 1) {
    joined_[first.stream] += ready.count - 1;
  }
  if (disk_full_) {
    disk_full_ = false;
    advise(trace::kModeNormal);
  }
  return {ready.count, true};
}

bool ProcessDrain::is_disk_full() {
  const std::lock_guard lock(writing_);
  return disk_full_;
}

// In the file, where those of a stream are numbered without gaps.
std::uint64_t ProcessDrain::sequence_of(const ChunkView& chunk) {
  const std::lock_guard lock(writing_);
  const auto joined = joined_.find(chunk.stream);
  return chunk.sequence - (chunk.family == trace::Family::access && joined != joined_.end() ? joined->second : 0);
}

// The end: what cannot be written now is lost.
void ProcessDrain::store_rest(const std::vector<ChunkView>& chunks) {
  for (std::size_t index = 0; index < chunks.size();) {
    if (!writer_.keeps()) {
      discarded_ += chunks[index++].bytes;
      continue;
    }
    const Stored stored = store(worker_, of_one_stream(chunks, index));
    if (!stored.succeeded && chunks[index].family != trace::Family::access) {
      lost_sync_ += events_in(chunks, index);
    }
    index += stored.chunks;
  }
}

// Starts one if it is wanted and nobody has come. Where the system has no thread for us, we do without.
void ProcessDrain::call_helper() {
  const std::lock_guard lock(sharing_);
  if (!is_helper_wanted_ || helpers_.size() + 1 >= most_workers_) {
    return;
  }
  auto helper = std::make_unique<Helper>(DrainWorker(every_access_, hurries_));
  try {
    helper->thread = std::thread([this, &worker = helper->worker] { help(worker); });
  } catch (const std::system_error&) {
    most_workers_ = helpers_.size() + 1;
    return;
  }
  helpers_.push_back(std::move(helper));
}

void ProcessDrain::help(DrainWorker& worker) {
  std::unique_lock lock(sharing_);
  for (;;) {
    wanted_.wait(lock, [this] { return is_helper_wanted_ || ends_; });
    is_helper_wanted_ = false;
    for (bool progress = true; progress && !ends_;) {
      lock.unlock();
      progress = drain_some(worker);
      lock.lock();
    }
    if (ends_) {
      return;
    }
  }
}

void ProcessDrain::end_helpers() {
  {
    const std::lock_guard lock(sharing_);
    ends_ = true;
  }
  wanted_.notify_all();
  for (const std::unique_ptr<Helper>& helper : helpers_) {
    helper->thread.join();
  }
}

void ProcessDrain::write_end() {
  trace::FileEnd end;
  siginfo_t info{};
  // Only for our own child is its status known; WNOWAIT leaves it to whoever waits for it.
  // relaxed: the order itself is asked for; the kernel knows by itself that the process is dead.
  if (order_.load(std::memory_order_relaxed) == Order::process_is_dead &&
      waitid(P_PIDFD, static_cast<id_t>(pidfd()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
    end.kind = info.si_code == CLD_EXITED ? trace::EndKind::exited : trace::EndKind::signaled;
    end.status = info.si_status;
  }
  end.lost_sync = lost_sync_ + ring_.lost_sync();
  end.lost_access = lost_access_ + ring_.lost_access();
  if (const Result<void> written = writer_.write_end(end); !written) {
    fail(written.error());
  }
}

void ProcessDrain::fail(const Error& error) {
  problem_ = error.what;
  if (!disk_full_) {
    disk_full_ = true;
    advise(trace::kModeDropAccesses);
  }
}

// relaxed: run() has ended the helpers before it tells a process that nobody listens any more, and only it goes on.
void ProcessDrain::advise(trace::RingMode mode) {
  if (order_.load(std::memory_order_relaxed) == Order::drain) {
    ring_.set_mode(mode);
  }
}

RecordedTrace ProcessDrain::finish() {
  thread_.join();
  RecordedTrace trace;
  trace.path = writer_.path();
  trace.pid = pid();
  trace.program = ring_.program();
  trace.discarded = discarded_;
  trace.lost_sync = lost_sync_ + ring_.lost_sync();
  trace.lost_access = lost_access_ + ring_.lost_access();
  // relaxed: the join above orders everything.
  trace.still_running = order_.load(std::memory_order_relaxed) == Order::give_up;
  trace.problem = problem_;
  return trace;
}

}  // namespace gordian::analysis
