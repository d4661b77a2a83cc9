// SPDX-License-Identifier: Apache-2.0
// A program that knows nothing of Gordian and is linked with its runtime; the first argument says what it does.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

// Each round is an Alloc and a Free in the trace.
void allocate(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    void* volatile block = std::malloc(32);
    std::free(block);
  }
}

int close_everything() {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    close(descriptor);
  }
  allocate(1000);
  return 0;
}

int fork_and_wait() {
  const pid_t child = fork();
  if (child == 0) {
    allocate(50000);
    std::thread([] { allocate(10); }).join();
    _exit(5);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

// 4 threads: mutexes (one recursive), a condition, a read-write lock; then a mutex on the heap, twice at one address.
int use_locks() {
  std::mutex mutex;
  std::recursive_mutex recursive;
  std::shared_mutex shared;
  std::condition_variable condition;
  bool open = false;
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([&] {
      std::unique_lock lock(mutex);
      condition.wait(lock, [&] { return open; });
      lock.unlock();
      const std::scoped_lock outer(recursive);
      const std::scoped_lock inner(recursive);  // not an acquisition of its own
      const std::shared_lock reader(shared);
    });
  }
  {
    const std::scoped_lock lock(mutex);
    open = true;
  }
  condition.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::scoped_lock writer(shared);
  for (int round = 0; round < 2; ++round) {
    const auto own = std::make_unique<std::mutex>();
    const std::scoped_lock lock(*own);
  }
  return 0;
}

// More than a ring of a few chunks holds, of eight streams at once.
int allocate_on_threads() {
  std::vector<std::thread> threads;
  for (int index = 0; index < 8; ++index) {
    threads.emplace_back([] { allocate(100000); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return 0;
}

// Ends while its child runs on.
int leave_a_child(const char* program) {
  int ends[2];
  if (pipe(ends) != 0) {
    return 1;
  }
  if (fork() == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(program, program, "linger", nullptr);
    _exit(1);
  }
  char byte = 0;
  return read(ends[0], &byte, 1) == 1 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  allocate(100);
  if (mode == "status") {
    return std::atoi(argv[2]);
  }
  if (mode == "exit") {
    std::exit(std::atoi(argv[2]));
  }
  if (mode == "kill") {
    allocate(1000);
    kill(getpid(), SIGKILL);
  }
  if (mode == "exec") {
    execl(argv[0], argv[0], "status", "6", nullptr);
  }
  if (mode == "close") {
    return close_everything();
  }
  if (mode == "fork") {
    return fork_and_wait();
  }
  if (mode == "much") {
    allocate(400000);
  }
  if (mode == "wait-for-child") {  // like a shell: is there a child that we did not start?
    return wait(nullptr) == -1 ? 0 : 1;
  }
  if (mode == "locks") {
    return use_locks();
  }
  if (mode == "threads") {
    return allocate_on_threads();
  }
  if (mode == "outlive") {
    return leave_a_child(argv[0]);
  }
  if (mode == "linger") {
    char byte = '!';  // says that it runs, and stays until its stdin is closed
    return write(STDOUT_FILENO, &byte, 1) == 1 ? static_cast<int>(read(STDIN_FILENO, &byte, 1)) : 1;
  }
  return 0;
}
