// SPDX-License-Identifier: Apache-2.0
// The child answers with one byte (drawn or failed) and then the picture or the complaint, over a pipe; it ends with
// _exit, so that nothing of the parent's (buffers, handlers) happens twice.
#include "analyzer/drawing/render.h"

#include <fcntl.h>
#include <graphviz/gvc.h>
#include <poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace gordian::analysis::drawing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kDrawn = 'd';
constexpr char kFailed = 'f';

const char* gvc_name(Format format) {
  switch (format) {
    case Format::svg:
      return "svg";
    case Format::png:
      return "png";
    case Format::pdf:
      return "pdf";
    case Format::dot:
      return "dot";
  }
  return "svg";
}

// --- in the child

std::string& complaints() {
  static std::string text;
  return text;
}

// Graphviz hands over each message in pieces.
int keep_complaint(char* piece) {
  complaints() += piece;
  return 0;
}

bool write_all(int descriptor, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

void silence_errors() {
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDERR_FILENO);
}

[[noreturn]] void draw_and_exit(Agraph_t* graph, const std::string& engine, Format format, int pipe) {
  silence_errors();
  agseterrf(keep_complaint);
  agreseterrors();
  char* bytes = nullptr;
  unsigned int size = 0;
  GVC_t* context = gvContext();
  const bool drawn = gvLayout(context, graph, engine.c_str()) == 0 &&
                     gvRenderData(context, graph, gvc_name(format), &bytes, &size) == 0 && agerrors() == 0;
  const char answer = drawn ? kDrawn : kFailed;
  const char* text = drawn ? bytes : complaints().data();
  const std::size_t length = drawn ? size : complaints().size();
  const bool sent = write_all(pipe, &answer, 1) && write_all(pipe, text, length);
  _exit(sent ? 0 : 1);
}

// --- in the parent

// Reads until the child closes the pipe; false when the deadline passes first.
bool read_until(int pipe, Clock::time_point deadline, std::string& answer) {
  char buffer[65536];
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<long>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    const ssize_t got = read(pipe, buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    answer.append(buffer, static_cast<std::size_t>(got));
  }
}

void end_child(pid_t child, bool kill_it) {
  if (kill_it) kill(child, SIGKILL);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Error failure(const std::string& what) {
  return Error{ErrorKind::internal, "graphviz", what,
               "write the graph as .dot and draw it with a Graphviz of your own"};
}

std::string without_line_ends(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

Result<std::optional<std::string>> render(Agraph_t* graph, const std::string& engine, Format format,
                                          std::chrono::milliseconds deadline) {
  const Clock::time_point end = Clock::now() + deadline;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Error{ErrorKind::io, "pipe", std::strerror(errno), ""};
  const pid_t child = fork();
  if (child < 0) {
    const int reason = errno;
    close(ends[0]);
    close(ends[1]);
    return Error{ErrorKind::io, "fork", std::strerror(reason), ""};
  }
  if (child == 0) draw_and_exit(graph, engine, format, ends[1]);
  close(ends[1]);
  std::string answer;
  const bool in_time = read_until(ends[0], end, answer);
  close(ends[0]);
  end_child(child, !in_time);
  if (!in_time) return std::optional<std::string>();
  if (answer.empty()) return failure("the drawing process died");
  if (answer.front() != kDrawn) return failure(without_line_ends(answer.substr(1)));
  return std::optional<std::string>(answer.substr(1));
}

}  // namespace gordian::analysis::drawing
