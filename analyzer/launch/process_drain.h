// SPDX-License-Identifier: Apache-2.0
// Empties one process's ring into one trace file, on a thread of its own, until the process is dead and everything that
// it committed is on disk. A full disk costs accesses first; synchronisation waits in the ring; the program runs on.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/launch/access_reducer.h"
#include "analyzer/launch/connection.h"
#include "analyzer/launch/session.h"
#include "analyzer/launch/shared_ring.h"
#include "analyzer/launch/trace_writer.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

// Where a process comes from.
struct Descent {
  bool is_first = false;      // its trace has the name that the user chose
  unsigned earlier = 0;       // other programs that the process was before, with traces named after its number
  std::uint64_t starter = 0;  // identity of the trace of who executed it, 0 = none; the child of a fork knows better
};

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

  ProcessDrain(Connection connection, SharedRing ring, TraceWriter writer, bool every_access);
  void run();
  bool sweep();
  bool store(const ChunkView& chunk);
  [[nodiscard]] std::span<const std::uint8_t> to_store(const ChunkView& chunk);
  void store_rest(const std::vector<ChunkView>& chunks);
  void write_end();
  void fail(const Error& error);

  Connection connection_;
  SharedRing ring_;
  TraceWriter writer_;
  std::optional<AccessReducer> reducer_;
  std::vector<std::uint8_t> copy_;  // of one payload: the program may still write to the original
  bool disk_full_ = false;
  std::uint64_t discarded_ = 0;
  std::uint64_t lost_sync_ = 0;  // by us; the ring counts the producers' losses
  std::uint64_t lost_access_ = 0;
  std::string problem_;
  std::atomic<Order> order_{Order::drain};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace gordian::analysis
