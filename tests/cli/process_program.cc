// SPDX-License-Identifier: Apache-2.0
// What programs do with processes, one case per first argument. Each says what came out of it, and that must be the
// same whether it is recorded or not.
#include <fcntl.h>
#include <gordian/gordian.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

int hits = 0;  // two threads write it at once
const char* g_self = nullptr;

void race() {
  std::thread one([] { ++hits; });  // [race]
  std::thread two([] { ++hits; });
  one.join();
  two.join();
}

int status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// The child does `work` and ends with its result.
template <class Work>
pid_t fork_to(Work work) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    const int status = work();
    std::fflush(stdout);
    _exit(status);
  }
  return child;
}

int race_in_child() {
  std::printf("child %d\n", status_of(fork_to([] {
                race();
                return 7;
              })));
  return 3;
}

int execute() {
  std::printf("child %d\n", status_of(fork_to([] {
                execl(g_self, g_self, "racer", nullptr);
                return 1;
              })));
  return 0;
}

int racer() {
  race();
  return 5;
}

// Everything that the child uses was used before, and is in the middle of something: a channel with values in it, a
// lock that is held, a counter that is not zero.
gordian::Mutex g_mutex;
gordian::RWMutex g_shared;
gordian::Once g_once;
std::mutex g_standard;
pthread_rwlock_t g_rwlock = PTHREAD_RWLOCK_INITIALIZER;
int g_sum = 0;  // guarded by g_mutex

int use_all(const gordian::Chan<int>& values, gordian::WaitGroup& group) {
  g_once.call([] { ++g_sum; });
  g_standard.unlock();
  g_shared.unlock_shared();
  pthread_rwlock_unlock(&g_rwlock);
  g_mutex.unlock();
  for (int i = 0; i < 2; ++i) {
    gordian::go([&] {
      const int value = values.recv();
      {
        const std::lock_guard hold(g_mutex);
        g_sum += value;
      }
      const std::lock_guard standard(g_standard);
      values.send(value * 2);
      group.done();
    });
  }
  group.wait();
  pthread_rwlock_wrlock(&g_rwlock);
  pthread_rwlock_unlock(&g_rwlock);
  const std::lock_guard exclusive(g_shared);
  values.close();
  int rest = 0;
  for (const int value : values) {
    rest += value;
  }
  return g_sum * 10 + rest;
}

int inherit() {
  const auto values = gordian::make_chan<int>(4);
  gordian::WaitGroup group;
  group.add(2);
  values.send(9);
  values.recv();
  values.send(1);
  values.send(2);
  g_once.call([] { g_sum = 0; });
  g_mutex.lock();
  g_shared.lock_shared();
  g_standard.lock();
  pthread_rwlock_rdlock(&g_rwlock);
  const int in_child = status_of(fork_to([&] { return use_all(values, group); }));
  std::printf("child %d, parent %d\n", in_child, use_all(values, group));
  return 0;
}

int from_goroutine() {
  const auto status = gordian::make_chan<int>();
  gordian::go([=] {
    gordian::set_goroutine_name("forker");
    status.send(status_of(fork_to([] {
      gordian::WaitGroup group;
      for (int i = 0; i < 2; ++i) {
        group.go([] { ++hits; });
      }
      group.wait();
      return 8;
    })));
  });
  std::printf("child %d\n", status.recv());
  return 0;
}

int others() {
  if (const pid_t child = vfork(); child == 0) {
    execl("/bin/sh", "sh", "-c", "exit 4", nullptr);
    _exit(1);
  } else {
    std::printf("vfork %d\n", status_of(child));
  }
  pid_t spawned = 0;
  char shell[] = "sh", flag[] = "-c", text[] = "exit 6";
  char* words[] = {shell, flag, text, nullptr};
  posix_spawn(&spawned, "/bin/sh", nullptr, nullptr, words, environ);
  std::printf("posix_spawn %d\n", status_of(spawned));
  const int shell_status = std::system("exit 9");
  std::printf("system %d\n", WEXITSTATUS(shell_status));
  char line[32] = {};
  std::FILE* pipe = popen("echo piped", "r");
  const bool read_line = std::fgets(line, sizeof(line), pipe) != nullptr;
  const int closed = pclose(pipe);
  std::printf("popen %s%d %d\n", line, read_line, closed);
  return 0;
}

// The child goes on when the parent's end of the pipe is closed by the parent's death.
int outlive() {
  int ends[2];
  if (pipe(ends) != 0) {
    return 1;
  }
  fork_to([&] {
    close(ends[1]);
    char byte = 0;
    while (read(ends[0], &byte, 1) < 0 && errno == EINTR) {
    }
    race();
    return 0;
  });
  return 2;
}

// As a shell would see it: the parent is gone at once. The parent waits for the daemon's last byte.
int become_daemon() {
  int ends[2];
  if (pipe(ends) != 0) {
    return 1;
  }
  const pid_t child = fork_to([&] {
    if (daemon(1, 1) != 0) {
      return 1;
    }
    race();
    return write(ends[1], "d", 1) == 1 ? 0 : 1;
  });
  char byte = 0;
  const bool heard = read(ends[0], &byte, 1) == 1;
  std::printf("daemon %d %c\n", status_of(child), heard ? byte : '?');
  return 0;
}

int hundred() {
  std::vector<pid_t> children;
  for (int i = 0; i < 100; ++i) {
    children.push_back(fork_to([i] { return i; }));
  }
  int sum = 0;
  for (const pid_t child : children) {
    sum += status_of(child);
  }
  std::printf("sum %d\n", sum);
  return 0;
}

// The child has no descriptor left to connect with.
int unreachable() {
  const rlimit limit{3, 3};
  setrlimit(RLIMIT_NOFILE, &limit);
  std::printf("child %d\n", status_of(fork_to([] {
                race();
                return 4;
              })));
  return 0;
}

// Forked while other threads allocate, lock, and use atomics: the child must not wait for them.
int amid_threads() {
  std::atomic<bool> stop{false};
  std::atomic<int> rounds{0};
  std::mutex mutex;
  std::map<int, std::string> shared;  // guarded by mutex
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; !stop; ++round) {
        const std::lock_guard hold(mutex);
        shared[i] = std::string(static_cast<std::size_t>(32 + round % 64), 'x');
        ++rounds;
      }
    });
  }
  int sum = 0;
  for (int i = 0; i < 12; ++i) {
    sum += status_of(fork_to([i] {
      if (i % 2 == 0) {
        execl("/bin/sh", "sh", "-c", "exit 1", nullptr);
      }
      return 2;
    }));
  }
  stop = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::printf("sum %d\n", sum);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, int (*)()> cases = {{"race_in_child", race_in_child},
                                                  {"execute", execute},
                                                  {"racer", racer},
                                                  {"inherit", inherit},
                                                  {"from_goroutine", from_goroutine},
                                                  {"others", others},
                                                  {"outlive", outlive},
                                                  {"daemon", become_daemon},
                                                  {"hundred", hundred},
                                                  {"amid_threads", amid_threads},
                                                  {"unreachable", unreachable}};
  g_self = argv[0];
  const auto found = cases.find(argc > 1 ? argv[1] : "");
  return found == cases.end() ? 99 : found->second();
}
