// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/spawn.h"

#include <spawn.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "analyzer/launch/connection.h"

namespace gordian::analysis {

namespace {

std::atomic<pid_t> g_target{0};
static_assert(std::atomic<pid_t>::is_always_lock_free, "read in a signal handler");

// From the terminal (the kernel) the program has got the signal too; from a process, only we have.
void relay_signal(int number, siginfo_t* info, void*) {
  const int saved = errno;
  // relaxed: one word, written before the program can be signalled through us.
  const pid_t target = g_target.load(std::memory_order_relaxed);
  if (info->si_code <= 0 && target > 0) {
    kill(target, number);
  }
  errno = saved;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    list.push_back(const_cast<char*>(text.c_str()));
  }
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(const std::string& variable) {
  const std::string name = variable.substr(0, variable.find('=') + 1);
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, name.c_str(), name.size()) != 0) {
      all.emplace_back(*entry);
    }
  }
  all.push_back(variable);
  return all;
}

int start(pid_t& pid, const std::vector<std::string>& argv, const std::vector<std::string>& environment,
          sigset_t reset) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &reset);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failure =
      posix_spawnp(&pid, argv[0].c_str(), nullptr, &attributes, pointers(argv).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  return failure;
}

}  // namespace

SignalRelay::SignalRelay() {
  for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGXFSZ}) {
    struct sigaction action{};
    if (number == SIGXFSZ) {
      action.sa_handler = SIG_IGN;  // a file that grows too large is an error of write(), not our death
    } else {
      action.sa_sigaction = relay_signal;
      action.sa_flags = SA_SIGINFO | SA_RESTART;
    }
    Saved saved{number, {}};
    sigaction(number, nullptr, &saved.action);
    if (saved.action.sa_handler != SIG_IGN) {  // nohup stays nohup
      sigaction(number, &action, nullptr);
      saved_.push_back(saved);
    }
  }
}

SignalRelay::~SignalRelay() {
  for (const Saved& saved : saved_) {
    sigaction(saved.signal, &saved.action, nullptr);
  }
  set_target(0);
}

// relaxed: the handler reads the number and nothing through it.
void SignalRelay::set_target(pid_t pid) { g_target.store(pid, std::memory_order_relaxed); }

sigset_t SignalRelay::to_reset() const {
  sigset_t set;
  sigemptyset(&set);
  for (const Saved& saved : saved_) {
    sigaddset(&set, saved.signal);
  }
  return set;
}

Result<Child> spawn(const std::vector<std::string>& argv, const std::string& variable, const SignalRelay& relay) {
  if (argv.empty()) {
    return Error{ErrorKind::usage, "program", "no program given", "gordian run -- PROG ARGS"};
  }
  Child child;
  const int failure = start(child.pid, argv, environment_with(variable), relay.to_reset());
  if (failure != 0) {
    const bool missing = failure == ENOENT || failure == ENOTDIR;
    child.status = missing ? 127 : 126;
    child.start_error = Error{ErrorKind::usage, argv[0],
                              missing ? "not found" : std::string("not executable: ") + std::strerror(failure), ""};
    return child;
  }
  SignalRelay::set_target(child.pid);
  child.pidfd = open_pidfd(child.pid);
  if (!child.pidfd) {
    kill(child.pid, SIGKILL);
    return Error{ErrorKind::unsupported, "pidfd", std::strerror(errno), "Linux 5.3 or newer is needed"};
  }
  return child;
}

}  // namespace gordian::analysis
