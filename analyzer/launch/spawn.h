// SPDX-License-Identifier: Apache-2.0
// Starts the program under test as a shell would, and stays out of the way of its signals.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

// While one lives: Ctrl-C and Ctrl-\ reach the program alone (the terminal sends them to both of us); a signal that is
// sent to us by another process to end us is passed on to the program. At most one at a time.
class SignalRelay {
 public:
  SignalRelay();
  ~SignalRelay();
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;

  static void set_target(pid_t pid);
  // The signals that a child must get back as they were.
  [[nodiscard]] sigset_t to_reset() const;

 private:
  struct Saved {
    int signal;
    struct sigaction action;
  };
  std::vector<Saved> saved_;
};

struct Child {
  pid_t pid = 0;
  Descriptor pidfd;
  std::optional<Error> start_error;  // not found (status 127) or not executable (126)
  int status = 0;
};

// `variable` is NAME=VALUE, put in the place of any earlier NAME.
Result<Child> spawn(const std::vector<std::string>& argv, const std::string& variable, const SignalRelay& relay);

}  // namespace gordian::analysis
