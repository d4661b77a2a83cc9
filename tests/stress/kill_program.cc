// SPDX-License-Identifier: Apache-2.0
// Locks, unlocks, sends and receives for ever, and stamps a page of its own after each operation that has returned.
// Somebody kills it.
#include <fcntl.h>
#include <gordian/gordian.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/stress/stamp_page.h"

namespace {

using gordian::Chan;
using gordian::test::StampPage;

StampPage* g_page = nullptr;

void stamp() { g_page->operations.fetch_add(1, std::memory_order_relaxed); }

void produce(gordian::Mutex* mutex, Chan<int> out) {
  for (int value = 0;; ++value) {
    mutex->lock();
    stamp();
    mutex->unlock();
    stamp();
    out.send(value);
    stamp();
  }
}

void consume(Chan<int> in) {
  for (;;) {
    in.recv();
    stamp();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int file = argc == 2 ? open(argv[1], O_RDWR) : -1;
  void* memory = mmap(nullptr, sizeof(StampPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    return 2;
  }
  g_page = static_cast<StampPage*>(memory);
  gordian::Mutex mutex;
  const auto buffered = gordian::make_chan<int>(8);
  const auto unbuffered = gordian::make_chan<int>();
  gordian::go(produce, &mutex, buffered);
  gordian::go(produce, &mutex, unbuffered);
  gordian::go(consume, buffered);
  gordian::go(consume, unbuffered);
  g_page->pid.store(getpid(), std::memory_order_release);  // pairs with the killer's acquire
  produce(&mutex, buffered);
}
