// SPDX-License-Identifier: Apache-2.0
// The command's exit statuses. Two families: commands that run a program pass its status on, and so need numbers that
// programs rarely use for their own trouble; commands that look at a trace answer like grep.
#pragma once

#include "runtime/base/result.h"

namespace gordian::cli {

// run, record: else the program's own status, 126 not executable, 127 not found, 128 + n killed by signal n.
inline constexpr int kFindings = 66;     // the program itself ended with 0
inline constexpr int kOwnFailure = 125;  // usage errors included; run: not all was recorded, and the rest is clean

// The rest.
inline constexpr int kNothingFound = 0;
inline constexpr int kFound = 1;
inline constexpr int kUsage = 2;
inline constexpr int kUnreadable = 3;  // or partial and without findings
inline constexpr int kInternal = 70;

// For commands that look at a trace.
constexpr int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return kUsage;
    case ErrorKind::internal:
      return kInternal;
    default:
      return kUnreadable;
  }
}

}  // namespace gordian::cli
