// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/session.h"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "analyzer/launch/listener.h"
#include "analyzer/launch/process_drain.h"
#include "analyzer/launch/spawn.h"

namespace gordian::analysis {

namespace {

using Clock = std::chrono::steady_clock;

// How long processes that outlive the program are listened to.
constexpr std::chrono::milliseconds kGrace{1000};

// Every process that has connected, and what became of it.
class Recording {
 public:
  explicit Recording(const RunOptions& options) : options_(options) {}

  void admit(Descriptor socket) {
    Result<Connection> connection = receive_hello(std::move(socket));
    if (!connection) {
      refused_.push_back(connection.error().what);
      return;
    }
    const pid_t pid = connection->pid;
    for (const auto& drain : drains_) {
      if (drain->pid() == pid) {
        drain->note_death();  // the process has become another program: the old ring has no writer any more
      }
    }
    Result<std::unique_ptr<ProcessDrain>> drain =
        ProcessDrain::start(std::move(*connection), options_, drains_.empty());
    if (!drain) {
      refused_.push_back("process " + std::to_string(pid) + ": " + drain.error().where + ": " + drain.error().what);
      return;
    }
    drains_.push_back(std::move(*drain));
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

  void finish(RunOutcome& outcome) {
    for (const auto& drain : drains_) {
      drain->give_up();  // no effect on those that have ended
    }
    for (const auto& drain : drains_) {
      outcome.traces.push_back(drain->finish());
    }
    outcome.refused = std::move(refused_);
  }

 private:
  [[nodiscard]] bool is_watched(const ProcessDrain& drain) const {
    return std::find(ended_.begin(), ended_.end(), &drain) == ended_.end();
  }

  const RunOptions& options_;
  std::vector<std::unique_ptr<ProcessDrain>> drains_;
  std::vector<const ProcessDrain*> ended_;
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
  Recording recording(options);
  while (!recording.wait(&*listener, child->pidfd.get(), -1)) {
  }
  const Clock::time_point deadline = Clock::now() + kGrace;
  while (!recording.all_ended() && Clock::now() < deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    recording.wait(&*listener, -1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  }
  recording.finish(outcome);
  take_status(child->pidfd, outcome);
  return outcome;
}

Result<RecordedTrace> drain_connection(int descriptor, const RunOptions& options) {
  Recording recording(options);
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
