// SPDX-License-Identifier: Apache-2.0
// The kernel's books: /proc/PID/task/TID/schedstat begins with the nanoseconds that a thread has run,
// /proc/PID/task/TID/children lists the processes that it started, .../stat its state, .../comm its
// name. The runtime's own lookout looks on while a worker hangs in the C library.
#include "analyzer/launch/hang_watch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/trace/thread_names.h"

namespace gordian::analysis {

namespace {

constexpr int kLooks = 8;  // per limit
constexpr std::size_t kMostProcesses = 4096;

std::uint64_t first_number(const std::filesystem::path& file) {
  std::uint64_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

// The state stands behind the name, which may hold anything.
bool is_busy(const std::filesystem::path& task) {
  std::ifstream file(task / "stat");
  const std::string line{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t name_end = line.rfind(')');
  const char state = name_end == line.npos || name_end + 2 >= line.size() ? 'X' : line[name_end + 2];
  return state == 'R' || state == 'D';
}

bool is_lookout(const std::filesystem::path& task) {
  std::string name;
  std::ifstream(task / "comm") >> name;
  return name == trace::kLookoutName;
}

void append_children(const std::filesystem::path& task, std::vector<std::string>& processes) {
  std::ifstream list(task / "children");
  for (std::string child; list >> child && processes.size() < kMostProcesses;) {
    processes.push_back(child);
  }
}

}  // namespace

Activity activity_of(pid_t root) {
  Activity sum;
  std::vector<std::string> processes{std::to_string(root)};
  for (std::size_t index = 0; index < processes.size(); ++index) {
    std::error_code gone;  // a process may end while we look
    std::filesystem::directory_iterator task("/proc/" + processes[index] + "/task", gone);
    for (; !gone && task != end(task); task.increment(gone)) {
      if (is_lookout(task->path())) {
        continue;
      }
      sum.processor_ns += first_number(task->path() / "schedstat");
      sum.busy = sum.busy || is_busy(task->path());
      append_children(task->path(), processes);
    }
  }
  return sum;
}

int HangWatch::milliseconds_to_next() const {
  return limit_.count() == 0 ? -1 : static_cast<int>(std::clamp<std::int64_t>(limit_.count() / kLooks, 1, 1000));
}

// A thread that ended takes its time out of the sum: a smaller sum is a change as well.
bool HangWatch::hangs(std::uint64_t recorded, Clock::time_point now) {
  if (limit_.count() == 0) {
    return false;
  }
  const Activity seen = activity_of(root_);
  const std::uint64_t used = seen.processor_ns;
  const std::uint64_t allowed = static_cast<std::uint64_t>(std::chrono::nanoseconds(limit_).count()) / 100;
  const bool idle = !seen.busy && recorded == recorded_ && used >= used_ns_ && used - used_ns_ <= allowed;
  if (!started_ || !idle) {
    started_ = true;
    since_ = now;
    recorded_ = recorded;
    used_ns_ = used;
    return false;
  }
  return now - since_ >= limit_;
}

}  // namespace gordian::analysis
