// SPDX-License-Identifier: Apache-2.0
// A drainer for a program that was started by itself: forked twice, so that it becomes the child of init, in a session
// of its own, so that Ctrl-C does not reach it. It keeps stderr, for the report.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/boot/connect.h"

namespace gordian::rt::boot {

namespace {

char g_gordian[PATH_MAX] = {};  // found at the start; the children that are forked use it again

struct Command {
  char descriptor[16] = {};
  char output[PATH_MAX] = {};
};

// ../bin/gordian beside the folder of this library.
bool find_gordian(char (&path)[PATH_MAX]) noexcept {
  if (const char* named = std::getenv("GORDIAN_BIN"); named != nullptr && named[0] != '\0') {
    return std::snprintf(path, sizeof(path), "%s", named) < static_cast<int>(sizeof(path));
  }
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&start_drainer), &info) == 0 || info.dli_fname == nullptr) {
    return false;
  }
  const char* slash = std::strrchr(info.dli_fname, '/');
  const int length = slash == nullptr ? 1 : static_cast<int>(slash - info.dli_fname);
  const int written =
      std::snprintf(path, sizeof(path), "%.*s/../bin/gordian", length, slash == nullptr ? "." : info.dli_fname);
  return written > 0 && written < static_cast<int>(sizeof(path));
}

[[noreturn]] void become_drainer(const Options& options, bool is_child, Command& command, int connection) noexcept {
  setsid();
  const int null = open("/dev/null", O_RDWR);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
  }
  fcntl(connection, F_SETFD, 0);  // survives the exec
  char drain[] = "drain";
  char report[] = "--report";
  char output_flag[] = "-o";
  char child_flag[] = "--child";
  char* arguments[9] = {g_gordian, drain, command.descriptor};
  std::size_t count = 3;
  if (options.report) {
    arguments[count++] = report;
  }
  if (is_child) {
    arguments[count++] = child_flag;
  }
  if (!options.output.empty()) {
    arguments[count++] = output_flag;
    arguments[count++] = command.output;
  }
  execv(g_gordian, arguments);
  _exit(127);
}

}  // namespace

int start_drainer(const Options& options, bool is_child) noexcept {
  Command command;
  int ends[2];
  if (!(is_child || find_gordian(g_gordian)) || options.output.size() >= sizeof(command.output) ||
      access(g_gordian, X_OK) != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return -1;
  }
  std::to_chars(command.descriptor, command.descriptor + sizeof(command.descriptor) - 1, ends[1]);
  std::memcpy(command.output, options.output.data(), options.output.size());
  const pid_t child = _Fork();  // no handlers: ours would record it
  if (child == 0) {
    if (_Fork() == 0) {
      become_drainer(options, is_child, command, ends[1]);
    }
    _exit(0);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return -1;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return ends[0];
}

}  // namespace gordian::rt::boot
