// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/session.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "analyzer/launch/hang_watch.h"
#include "analyzer/launch/listener.h"
#include "analyzer/launch/process_drain.h"
#include "analyzer/launch/spawn.h"

namespace gordian::analysis {

namespace {

using Clock = std::chrono::steady_clock;

// How long processes that outlive the program are listened to.
constexpr std::chrono::milliseconds kGrace{1000};

constexpr int kMostAncestors = 64;

// Every process that has connected, and what became of it.
class Recording {
 public:
  explicit Recording(const RunOptions& options, bool has_first) : options_(options), has_first_(has_first) {}

  void admit(Descriptor socket) {
    Result<Connection> connection = receive_hello(std::move(socket));
    if (!connection) {
      refused_.push_back(connection.error().what);
      return;
    }
    const pid_t pid = connection->pid;
    Descent descent{.is_first = !has_first_, .starter = starter_of(pid)};
    for (const auto& drain : drains_) {
      if (drain->pid() == pid) {
        drain->note_death();  // the process has become another program: the old ring has no writer any more
        descent.earlier += drain == drains_.front() ? 0 : 1;
      }
    }
    Result<std::unique_ptr<ProcessDrain>> drain = ProcessDrain::start(std::move(*connection), options_, descent);
    if (!drain) {
      refused_.push_back(reason(pid, drain.error()));
      return;
    }
    has_first_ = true;
    drains_.push_back(std::move(*drain));
  }

  [[nodiscard]] std::uint64_t recorded() const {
    std::uint64_t sum = 0;
    for (const auto& drain : drains_) {
      sum += is_watched(*drain) ? drain->recorded() : 0;
    }
    return sum;
  }

  // Every process that is recorded: whatever else belongs to the program sees how that ended. The program itself if
  // none is.
  void kill_all(const Descriptor& program) {
    if (all_ended()) {
      send_kill(program.get());
    }
    for (const auto& drain : drains_) {
      if (is_watched(*drain)) {
        send_kill(drain->pidfd());
        killed_.push_back(drain.get());
      }
    }
  }

  // Waits until something happens to a process, the listening socket (-1: none) or `other` (-1: none); true if `other`
  // is ready.
  bool wait(const Listener* listener, int other, int milliseconds) {
    std::vector<pollfd> watched{{other, POLLIN, 0}, {listener == nullptr ? -1 : listener->descriptor(), POLLIN, 0}};
    for (const auto& drain : drains_) {
      watched.push_back({is_watched(*drain) ? drain->pidfd() : -1, POLLIN, 0});
    }
    if (poll(watched.data(), watched.size(), milliseconds) <= 0) {
      return false;
    }
    // Deaths before connections: a connection may append to drains_.
    for (std::size_t index = 2; index < watched.size(); ++index) {
      if (watched[index].revents != 0) {
        drains_[index - 2]->note_death();
        ended_.push_back(drains_[index - 2].get());
      }
    }
    if (watched[1].revents != 0) {
      if (Descriptor socket = listener->accept(); socket) {
        admit(std::move(socket));
      }
    }
    return watched[0].revents != 0;
  }

  [[nodiscard]] bool all_ended() const {
    return std::none_of(drains_.begin(), drains_.end(), [&](const auto& drain) { return is_watched(*drain); });
  }

  // A child that was forked has not connected yet, as far as we know: a fork may have failed, too.
  [[nodiscard]] bool expects_children() const {
    return std::any_of(drains_.begin(), drains_.end(), [&](const auto& drain) {
      const auto came = std::count_if(drains_.begin(), drains_.end(),
                                      [&](const auto& other) { return other->parent() == drain->identity(); });
      return static_cast<std::uint32_t>(came) + drain->lost_children() < drain->forks();
    });
  }

  void finish(RunOutcome& outcome) {
    for (const auto& drain : drains_) {
      drain->give_up();  // no effect on those that have ended
      if (const std::uint32_t lost = drain->lost_children(); lost != 0) {
        refused_.push_back(std::to_string(lost) + " forked by process " + std::to_string(drain->pid()) +
                           ": no way to the recorder (another root, other rights, or too low a limit)");
      }
    }
    for (const auto& drain : drains_) {
      RecordedTrace& trace = outcome.traces.emplace_back(drain->finish());
      trace.was_killed = std::find(killed_.begin(), killed_.end(), drain.get()) != killed_.end();
    }
    outcome.refused = std::move(refused_);
  }

 private:
  // The trace of the nearest ancestor that has one; what the process itself was before an exec comes first.
  [[nodiscard]] std::uint64_t starter_of(pid_t pid) const {
    for (int generation = 0; pid > 1 && generation < kMostAncestors; ++generation, pid = parent_of(pid)) {
      const auto found =
          std::find_if(drains_.rbegin(), drains_.rend(), [&](const auto& drain) { return drain->pid() == pid; });
      if (found != drains_.rend()) {
        return (*found)->identity();
      }
    }
    return 0;
  }
  static std::string reason(pid_t pid, const Error& error) {
    const std::string text = "process " + std::to_string(pid) + ": " + error.where + ": " + error.what;
    return error.hint.empty() ? text : text + "; " + error.hint;
  }
  static void send_kill(int pidfd) { syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0); }
  [[nodiscard]] bool is_watched(const ProcessDrain& drain) const {
    return std::find(ended_.begin(), ended_.end(), &drain) == ended_.end();
  }

  const RunOptions& options_;
  bool has_first_;  // the trace that is named as the user said exists
  std::vector<std::unique_ptr<ProcessDrain>> drains_;
  std::vector<const ProcessDrain*> ended_;
  std::vector<const ProcessDrain*> killed_;  // because they hung
  std::vector<std::string> refused_;
};

void take_status(const Descriptor& child_pidfd, RunOutcome& outcome) {
  siginfo_t info{};
  waitid(P_PIDFD, static_cast<id_t>(child_pidfd.get()), &info, WEXITED);
  outcome.signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
  outcome.status = outcome.signal == 0 ? info.si_status : 128 + outcome.signal;
}

}  // namespace

Result<RunOutcome> record_program(const RunOptions& options, const std::vector<std::string>& argv) {
  Result<Listener> listener = Listener::open();
  if (!listener) {
    return listener.error();
  }
  RunOutcome outcome;
  const SignalRelay relay;
  Result<Child> child = spawn(argv, "GORDIAN_SOCKET=" + listener->path(), relay);
  if (!child) {
    return child.error();
  }
  if (child->start_error) {
    outcome.status = child->status;
    outcome.start_error = std::move(child->start_error);
    return outcome;
  }
  Recording recording(options, false);
  HangWatch watch(child->pid, options.hang_timeout);
  while (!recording.wait(&*listener, child->pidfd.get(), watch.milliseconds_to_next())) {
    if (watch.hangs(recording.recorded())) {
      recording.kill_all(child->pidfd);
    }
  }
  const Clock::time_point deadline = Clock::now() + kGrace;
  while ((!recording.all_ended() || recording.expects_children()) && Clock::now() < deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    recording.wait(&*listener, -1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  }
  recording.finish(outcome);
  take_status(child->pidfd, outcome);
  return outcome;
}

Result<RecordedTrace> drain_connection(int descriptor, const RunOptions& options, bool is_child) {
  Recording recording(options, is_child);
  recording.admit(Descriptor(descriptor));
  while (!recording.all_ended()) {
    recording.wait(nullptr, -1, -1);
  }
  RunOutcome outcome;
  recording.finish(outcome);
  if (outcome.traces.empty()) {
    return Error{ErrorKind::io, "drain", outcome.refused.empty() ? "nothing connected" : outcome.refused[0], ""};
  }
  return outcome.traces[0];
}

}  // namespace gordian::analysis
