// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/process_drain.h"

#include <sys/wait.h>

#include <cstdint>
#include <cstring>
#include <ctime>
#include <utility>

namespace gordian::analysis {

namespace {

// Some sealed chunks [I7] and the process's death wake us. The timeout bounds how long fewer wait in the ring, what a
// scribbling program can do to us, and how soon a full disk is tried again.
constexpr long kIdleMs = 200;

std::string default_path(const SharedRing& ring, pid_t pid) {
  std::string name = ring.program().substr(ring.program().rfind('/') + 1);
  if (name.empty()) {
    name = "program";
  }
  const auto seconds = static_cast<std::time_t>(ring.start_realtime_ns() / 1000000000u);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char time[32];
  std::strftime(time, sizeof(time), "%Y%m%dT%H%M%S", &parts);
  return name + "." + std::to_string(pid) + "." + time + ".gtrace";
}

// out.gtrace becomes out.PID.gtrace for every process but the first, and out.PID.2.gtrace when that one has executed
// another program.
std::string output_path(const std::string& output, pid_t pid, const Descent& descent) {
  if (descent.is_first) {
    return output;
  }
  const std::size_t slash = output.rfind('/');
  const std::size_t dot = output.rfind('.');
  const bool has_extension = dot != output.npos && (slash == output.npos || dot > slash + 1);
  const std::size_t at = has_extension ? dot : output.size();
  const std::string number = descent.earlier == 0 ? "" : "." + std::to_string(descent.earlier + 1);
  return output.substr(0, at) + "." + std::to_string(pid) + number + output.substr(at);
}

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

trace::FileChunk file_chunk(const ChunkView& chunk) {
  trace::FileChunk header;
  header.family = chunk.family;
  header.stream = chunk.stream;
  header.sequence = chunk.sequence;
  header.actor = chunk.actor;
  header.first_ordinal = chunk.first_ordinal;
  header.cycles = chunk.cycles;
  header.monotonic_ns = chunk.monotonic_ns;
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

Result<TraceWriter> create_file(const SharedRing& ring, const Connection& connection, const RunOptions& options,
                                const Descent& descent) {
  if (options.discard) {
    return TraceWriter::nowhere();
  }
  if (!options.output.empty()) {
    return TraceWriter::create(output_path(options.output, connection.pid, descent), true);
  }
  // The same process may become another program within the second: its second trace gets a number.
  const std::string path = default_path(ring, connection.pid);
  Result<TraceWriter> writer = TraceWriter::create(path, false);
  for (int number = 2; !writer && number < 100 && access(path.c_str(), F_OK) == 0; ++number) {
    writer = TraceWriter::create(path.substr(0, path.size() - 6) + std::to_string(number) + ".gtrace", false);
  }
  return writer;
}

}  // namespace

Result<std::unique_ptr<ProcessDrain>> ProcessDrain::start(Connection connection, const RunOptions& options,
                                                          const Descent& descent) {
  Result<SharedRing> ring = SharedRing::map(std::move(connection.memfd));
  if (!ring) {
    answer_hello(connection, false);
    return ring.error();
  }
  Result<TraceWriter> writer = create_file(*ring, connection, options, descent);
  if (!writer) {
    answer_hello(connection, false);
    return writer.error();
  }
  if (options.every_access) {
    ring->keep_all();
  }
  if (options.is_read_at_once) {
    writer->hurry();
  }
  const std::string command = options.record_command ? connection.command : "";
  if (Result<void> header = writer->write_header(
          file_header(*ring, connection.pid, descent.starter, options.every_access), ring->program(), command);
      !header) {
    answer_hello(connection, false);
    return header.error();
  }
  std::unique_ptr<ProcessDrain> drain(new ProcessDrain(std::move(connection), std::move(ring).value(),
                                                       std::move(writer).value(), options.every_access));
  answer_hello(drain->connection_, true);
  drain->connection_.socket = Descriptor();
  return drain;
}

ProcessDrain::ProcessDrain(Connection connection, SharedRing ring, TraceWriter writer, bool every_access)
    : connection_(std::move(connection)),
      ring_(std::move(ring)),
      writer_(std::move(writer)),
      copy_(trace::kChunkBytes) {
  if (!every_access) {
    reducer_.emplace();
  }
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
    const bool progress = sweep();
    if (order != Order::drain) {
      if (order == Order::give_up) {
        ring_.set_mode(trace::kModeDropAll);
      }
      store_rest(ring_.remaining_chunks());
      break;
    }
    if (!progress) {
      ring_.wait_for_sealed(seen, kIdleMs);
    }
  }
  write_end();
  // release: pairs with is_done(); the counters and the file are complete.
  done_.store(true, std::memory_order_release);
}

// One look at the ring. False: nothing was there, or the disk is full.
bool ProcessDrain::sweep() {
  bool progress = false;
  for (const ChunkView& chunk : ring_.sealed_chunks()) {
    if (store(chunk)) {
      progress = true;
    } else if (chunk.family == trace::Family::access) {
      lost_access_ += chunk.bytes / 8;
    } else {
      ring_.tell_producers();
      return false;  // stays sealed in the ring, and everything after it
    }
    ring_.free_chunk(chunk);
  }
  ring_.tell_producers();
  return progress;
}

// The program may still write to the original.
std::span<const std::uint8_t> ProcessDrain::to_store(const ChunkView& chunk) {
  const std::uint8_t* payload = ring_.payload(chunk);
  if (reducer_ && chunk.family == trace::Family::access) {
    const auto left = std::as_bytes(reducer_->reduce(
        chunk.stream, reinterpret_cast<const volatile std::uint64_t*>(payload), chunk.bytes / sizeof(std::uint64_t)));
    return {reinterpret_cast<const std::uint8_t*>(left.data()), left.size()};
  }
  std::memcpy(copy_.data(), payload, chunk.bytes);
  return {copy_.data(), chunk.bytes};
}

bool ProcessDrain::store(const ChunkView& chunk) {
  if (!writer_.keeps()) {
    discarded_ += chunk.bytes;
    return true;
  }
  const std::span<const std::uint8_t> payload = to_store(chunk);
  trace::FileChunk header = file_chunk(chunk);
  header.raw_bytes = static_cast<std::uint32_t>(payload.size());
  if (const Result<void> written = writer_.write_chunk(header, payload.data()); !written) {
    fail(written.error());
    if (reducer_ && chunk.family == trace::Family::access) {
      reducer_->forget();
    }
    return false;
  }
  if (disk_full_) {
    disk_full_ = false;
    ring_.set_mode(trace::kModeNormal);
  }
  return true;
}

// The end: what cannot be written now is lost.
void ProcessDrain::store_rest(const std::vector<ChunkView>& chunks) {
  for (std::size_t index = 0; index < chunks.size(); ++index) {
    if (store(chunks[index])) {
      continue;
    }
    if (chunks[index].family == trace::Family::access) {
      lost_access_ += chunks[index].bytes / 8;
    } else {
      lost_sync_ += events_in(chunks, index);
    }
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
    ring_.set_mode(trace::kModeDropAccesses);
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
