// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/output_file.h"

#include <unistd.h>

#include <ctime>
#include <string>

namespace gordian::analysis {

namespace {

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

}  // namespace

Result<TraceWriter> create_output(const SharedRing& ring, pid_t pid, const RunOptions& options,
                                  const Descent& descent) {
  if (options.discard) {
    return TraceWriter::nowhere();
  }
  if (!options.output.empty()) {
    return TraceWriter::create(output_path(options.output, pid, descent), true);
  }
  // The same process may become another program within the second: its second trace gets a number.
  const std::string path = default_path(ring, pid);
  Result<TraceWriter> writer = TraceWriter::create(path, false);
  for (int number = 2; !writer && number < 100 && access(path.c_str(), F_OK) == 0; ++number) {
    writer = TraceWriter::create(path.substr(0, path.size() - 6) + std::to_string(number) + ".gtrace", false);
  }
  return writer;
}

}  // namespace gordian::analysis
