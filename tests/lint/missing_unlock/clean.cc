// SPDX-License-Identifier: Apache-2.0
// Locks that are released, or whose story is not one function's.
// RUN: %lint --checks=missing-unlock %s -- %headers 2>&1 | count 0
#include <gordian/gordian.h>
#include <pthread.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

gordian::Mutex mu;
gordian::Mutex handed_over;
gordian::Mutex conditional;
gordian::RWMutex table;
pthread_mutex_t old = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
int counter = 0;

int on_every_way(int n) {
  mu.lock();
  if (n < 0) {
    mu.unlock();
    return -1;
  }
  while (n > 0) {
    if (--n == 7) {
      mu.unlock();
      return 7;
    }
  }
  mu.unlock();
  return 0;
}

int deferred(int n) {
  mu.lock();
  GORDIAN_DEFER { mu.unlock(); };
  if (n < 0) {
    return -1;
  }
  gordian::Defer later{[] { ++counter; }};
  return n;
}

int guarded(int n) {
  std::scoped_lock guard(mu);
  std::unique_lock lock(handed_over);
  if (n < 0) {
    return -1;
  }
  lock.unlock();
  lock.lock();
  return n;
}

int adopted(int n) {
  mu.lock();
  std::lock_guard guard(mu, std::adopt_lock);
  return n < 0 ? -1 : n;
}

// Released by another function.
void begin_update() { handed_over.lock(); }
void end_update() { handed_over.unlock(); }
void open() { handed_over.lock(); }

void start() GORDIAN_TSA(acquire_capability(table)) { table.lock(); }

// Both conditions are the same.
void only_if_shared(bool is_shared) {
  if (is_shared) {
    conditional.lock();
  }
  ++counter;
  if (is_shared) {
    conditional.unlock();
  }
}

void flag(int n) {
  bool locked = true;
  conditional.lock();
  while (n-- > 0) {
    if (n == 7) {
      conditional.unlock();
      locked = false;
      break;
    }
  }
  if (locked) {
    conditional.unlock();
  }
}

int tried() {
  if (!conditional.try_lock()) {
    return -1;
  }
  const int seen = counter;
  conditional.unlock();
  return seen;
}

// Unlocks what its caller holds, and takes it back.
void wait_without(gordian::Mutex& held) {
  held.unlock();
  gordian::yield();
  held.lock();
}

struct Node {
  std::mutex mu;
  Node* next = nullptr;
};

void hand_over_hand(Node* node) {
  node->mu.lock();
  while (node->next != nullptr) {
    Node* next = node->next;
    next->mu.lock();
    node->mu.unlock();
    node = next;
  }
  node->mu.unlock();
}

void one_after_the_other() {
  std::mutex shards[2];
  for (auto& shard : shards) {
    shard.lock();
  }
  for (auto& shard : shards) {
    shard.unlock();
  }
}

void dies(int n) {
  mu.lock();
  if (n < 0) {
    std::abort();
  }
  mu.unlock();
}

void posix_wait() {
  pthread_mutex_lock(&old);
  while (counter == 0) {
    pthread_cond_wait(&changed, &old);
  }
  pthread_mutex_unlock(&old);
}

class SpinLock {
 public:
  void lock() { mu_.lock(); }
  void unlock() { mu_.unlock(); }

 private:
  std::mutex mu_;
};

class Guard {
 public:
  explicit Guard(std::mutex& mu) : mu_(mu) { mu_.lock(); }
  ~Guard() { mu_.unlock(); }

 private:
  std::mutex& mu_;
};

class Pool {
 public:
  void submit();  // may release mu: defined elsewhere
  int take() {
    mu.lock();
    if (size == 0) {
      submit();
      return 0;
    }
    mu.unlock();
    return 1;
  }
  std::mutex mu;
  int size = 0;
};

int main() {
  Pool pool;
  return pool.take();
}
