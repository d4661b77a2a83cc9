// SPDX-License-Identifier: Apache-2.0
// Programs that are hard on their recorder, one case per first argument: they end in every way there is, take away what
// it might need, and change who they are. Each has locked a mutex kLocks times by then, and that must be in its trace.
#include <fcntl.h>
#include <gordian/gordian.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace {

constexpr int kLocks = 100;
constexpr uid_t kNobody = 65534;

gordian::Mutex g_mutex;
volatile int* volatile g_nowhere = nullptr;
volatile sig_atomic_t g_caught = 0;

void lock_often(int times) {
  for (int i = 0; i < times; ++i) {
    const std::lock_guard hold(g_mutex);
  }
}

void say(const char* words) {
  std::puts(words);
  std::fflush(stdout);
}

// Half of the work before, half in a goroutine and a thread after whatever was done.
int go_on() {
  lock_often(kLocks / 2);
  gordian::WaitGroup group;
  group.go([] { lock_often(kLocks / 4); });
  group.wait();
  std::thread([] { lock_often(kLocks / 4); }).join();
  say("went on");
  return 3;
}

int fault() {
  lock_often(kLocks);
  *g_nowhere = 1;
  return 0;
}
int send(int number) {
  lock_often(kLocks);
  kill(getpid(), number);
  return 0;
}
int own_handler() {
  struct sigaction action{};
  action.sa_handler = [](int) { g_caught = g_caught + 1; };
  sigaction(SIGUSR1, &action, nullptr);
  raise(SIGUSR1);
  return go_on() + g_caught;
}
// Memory has run out of stack: the handler has one of its own.
int alternate_stack() {
  static char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof(stack);
  sigaltstack(&alternate, nullptr);
  struct sigaction action{};
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = [](int) {
    constexpr char kWords[] = "caught on a stack of its own\n";
    _exit(write(STDOUT_FILENO, kWords, sizeof(kWords) - 1) > 0 ? 33 : 34);
  };
  sigaction(SIGSEGV, &action, nullptr);
  return fault();
}
int exit_in_goroutine() {
  gordian::go([] {
    lock_often(kLocks);
    std::exit(11);
  });
  gordian::make_chan<int>().recv();
  return 0;
}
int exit_in_thread() {
  std::thread([] {
    lock_often(kLocks);
    std::exit(12);
  }).join();
  return 0;
}
int leave_at_once() {
  lock_often(kLocks);
  _exit(13);
}
int leave_quickly() {
  lock_often(kLocks);
  std::at_quick_exit([] { say("at quick exit"); });
  std::quick_exit(14);
}
int abort_here() {
  lock_often(kLocks);
  std::abort();
}
int close_everything() {
  closefrom(STDERR_FILENO + 1);
  return go_on();
}
int close_even_output() {
  closefrom(0);
  lock_often(kLocks);
  return 15;
}
int change_directory() { return chdir("/") == 0 ? go_on() : 1; }
int change_root() {
  char folder[] = "root-XXXXXX";
  const bool moved = mkdtemp(folder) != nullptr && chroot(folder) == 0 && chdir("/") == 0;
  say(moved ? "elsewhere" : "not allowed");
  return go_on();
}
int drop_privileges() {
  const bool dropped = setgid(kNobody) == 0 && setuid(kNobody) == 0;
  say(dropped ? "nobody" : "not allowed");
  return go_on();
}
int limit_to(int resource, rlim_t most) {
  const rlimit limit{most, most};
  return setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0 ? go_on() : 1;
}
int few_descriptors() { return limit_to(RLIMIT_NOFILE, 3); }
int small_files() { return limit_to(RLIMIT_FSIZE, 1024); }
int no_core() { return limit_to(RLIMIT_CORE, 0); }
// As much as it has already, and room for a thread.
int no_more_memory() {
  long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    pages = std::fscanf(file, "%ld", &pages) == 1 ? pages : 0;
    std::fclose(file);
  }
  return limit_to(RLIMIT_AS, static_cast<rlim_t>(pages) * 4096 + (rlim_t{512} << 20));
}
int broken_pipe() {
  int ends[2];
  lock_often(kLocks);
  if (pipe(ends) == 0) {
    close(ends[0]);
    return static_cast<int>(write(ends[1], "x", 1));
  }
  return 1;
}
int block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  return go_on();
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, int (*)()> cases = {
      {"fault", fault},
      {"killed", [] { return send(SIGKILL); }},
      {"terminated", [] { return send(SIGTERM); }},
      {"own_handler", own_handler},
      {"alternate_stack", alternate_stack},
      {"exit_in_goroutine", exit_in_goroutine},
      {"exit_in_thread", exit_in_thread},
      {"leave_at_once", leave_at_once},
      {"leave_quickly", leave_quickly},
      {"abort", abort_here},
      {"close_everything", close_everything},
      {"close_even_output", close_even_output},
      {"change_directory", change_directory},
      {"change_root", change_root},
      {"drop_privileges", drop_privileges},
      {"few_descriptors", few_descriptors},
      {"small_files", small_files},
      {"no_core", no_core},
      {"no_more_memory", no_more_memory},
      {"broken_pipe", broken_pipe},
      {"block_all_signals", block_all_signals},
      {"go_on", go_on},
      {"long_work",
       [] {
         lock_often(600000);
         return go_on();
       }},
  };
  const std::string wanted = argc > 1 ? argv[1] : "";
  if (wanted == "list") {
    for (const auto& [name, run] : cases) {
      std::puts(name.c_str());
    }
    return 0;
  }
  const auto found = cases.find(wanted);
  return found == cases.end() ? 99 : found->second();
}
