// SPDX-License-Identifier: Apache-2.0
// Empties one process's ring into one trace file, on threads of its own, until the process is dead and everything that
// it committed is on disk. One is always there; others help where several streams have chunks waiting, each with one
// stream at a time, whose chunks it takes in order. A full disk costs accesses first; synchronisation waits in the
// ring; the program runs on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/launch/connection.h"
#include "analyzer/launch/drain_worker.h"
#include "analyzer/launch/output_file.h"
#include "analyzer/launch/session.h"
#include "analyzer/launch/shared_ring.h"
#include "analyzer/launch/trace_writer.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

class ProcessDrain {
 public:
  // Creates the file, answers the process, starts draining.
  static Result<std::unique_ptr<ProcessDrain>> start(Connection connection, const RunOptions& options,
                                                     const Descent& descent);
  ProcessDrain(const ProcessDrain&) = delete;
  ProcessDrain& operator=(const ProcessDrain&) = delete;
  ~ProcessDrain();

  [[nodiscard]] pid_t pid() const { return connection_.pid; }
  [[nodiscard]] std::uint64_t identity() const;                                // of its trace (trace/file_layout.h)
  [[nodiscard]] std::uint64_t parent() const { return ring_.parent_trace(); }  // of a fork's child
  [[nodiscard]] std::uint32_t forks() const { return ring_.forks(); }
  [[nodiscard]] std::uint32_t lost_children() const { return ring_.lost_children(); }
  [[nodiscard]] int pidfd() const { return connection_.pidfd.get(); }
  [[nodiscard]] std::uint64_t recorded() const { return ring_.recorded(); }
  // The process is dead, or has become another program: takes what is left and ends.
  void note_death();
  // The recording ends before the process: takes what is committed, tells the process that nobody listens any more.
  void give_up();
  [[nodiscard]] bool is_done() const;
  // After note_death or give_up: waits for the last byte.
  RecordedTrace finish();

 private:
  enum class Order : int { drain, process_is_dead, give_up };

  struct Helper {
    DrainWorker worker;
    std::thread thread;
  };

  ProcessDrain(Connection connection, SharedRing ring, TraceWriter writer, const RunOptions& options);
  void run();
  void help(DrainWorker& worker);
  void call_helper();
  void end_helpers();
  bool drain_some(DrainWorker& worker);
  std::optional<StreamOfChunks> claim(const DrainWorker& worker);
  bool discard();
  struct Stored {
    std::size_t chunks = 0;  // that were taken
    bool succeeded = false;
  };
  Stored store(DrainWorker& worker, std::span<const ChunkView> chunks);
  std::uint64_t sequence_of(const ChunkView& chunk);
  bool is_disk_full();
  void store_rest(const std::vector<ChunkView>& chunks);
  void advise(trace::RingMode mode);
  void write_end();
  void fail(const Error& error);

  Connection connection_;
  SharedRing ring_;
  const bool every_access_;
  const bool hurries_;
  DrainWorker worker_;
  std::size_t most_workers_;     // with this one
  std::uint64_t discarded_ = 0;  // bytes

  std::mutex writing_;  // of what follows
  TraceWriter writer_;
  bool disk_full_ = false;
  std::uint64_t lost_sync_ = 0;  // by us; the ring counts the producers' losses
  std::uint64_t lost_access_ = 0;
  std::string problem_;
  std::map<std::uint32_t, std::uint64_t> joined_;  // access chunks by stream that the file has as part of others

  std::mutex sharing_;  // of what follows
  std::condition_variable wanted_;
  std::set<StreamOfChunks> claimed_;
  std::map<std::uint32_t, const DrainWorker*> last_worker_;  // by stream of accesses: its reducer knows what they said
  std::vector<std::unique_ptr<Helper>> helpers_;             // only run() adds some
  bool is_helper_wanted_ = false;
  bool ends_ = false;

  std::atomic<Order> order_{Order::drain};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace gordian::analysis
