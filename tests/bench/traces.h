// SPDX-License-Identifier: Apache-2.0
// Large traces without a program: what a recorder would have written, made with the trace builder, free of races. Each
// one loads another part of the analyzer.
#pragma once

#include <cstdint>
#include <vector>

namespace gordian::bench {

struct Trace {
  std::vector<std::uint8_t> bytes;
  std::uint64_t events = 0;
  std::uint64_t accesses = 0;
};

// 8 goroutines take turns at 16 mutexes; each critical section reads and writes what its mutex guards.
Trace locks(std::uint64_t sections);
// 8 goroutines read a shared table and fill their own memory, with a lock now and then.
Trace accesses(std::uint64_t count);
// 8 goroutines go over 64 KiB of their own again and again; at `between_locks` accesses each takes a lock.
Trace loops(std::uint64_t count, std::uint64_t between_locks);
// Batches of `live` goroutines on 4 workers: each receives a job, works on it under a lock, reports to a WaitGroup.
Trace goroutines(std::uint64_t count, std::uint64_t live);
// 8 goroutines count in 64 atomics.
Trace atomics(std::uint64_t count);

}  // namespace gordian::bench
