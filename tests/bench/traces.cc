// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/traces.h"

#include <algorithm>
#include <random>
#include <vector>

#include "runtime/trace/builder.h"

namespace gordian::bench {
namespace {

using trace::AccessKind;
using trace::StreamBuilder;

constexpr std::uint64_t kMain = 1;
constexpr std::uint64_t kHeap = 0x10'0000'0000;
constexpr std::uint64_t kChunk = 4096;  // events or accesses

// main on stream 1, the others on streams of their own.
class Program {
 public:
  Program() {
    auto& unit = trace_.units();
    main_ = unit.function("main", "main.cc", 1);
    go_ = unit.call(2, "gordian::go");
    fill_ = unit.access(3, "job", AccessKind::write, 8);
    worker_ = unit.function("worker", "main.cc", 10);
    read_ = unit.access(11, "total", AccessKind::read, 8);
    write_ = unit.access(12, "total", AccessKind::write, 8);
    call_ = unit.call(13, "gordian::Mutex::lock", "mu");
    StreamBuilder& main = trace_.stream();
    main.event(trace::ThreadStart{kMain, 100}).event(trace::Switch{kMain, 1, 0}).call(0, main_);
    counts_.push_back({&main, 2, 0});
  }

  std::size_t add_stream() {
    StreamBuilder& stream = trace_.stream();
    stream.event(trace::ThreadStart{0, 100 + stream.id()});
    counts_.push_back({&stream, 1, 0});
    return counts_.size() - 1;
  }

  std::uint64_t add_object(trace::ObjectKind kind, std::uint64_t capacity = 0) {
    sync(0, trace::Object{go_, ++objects_, static_cast<std::uint64_t>(kind), kHeap + objects_ * 64, capacity});
    return objects_;
  }

  // A goroutine that main creates and that `stream` runs from now on.
  std::uint64_t start(std::size_t stream) {
    const std::uint64_t id = ++actors_;
    sync(0, trace::Go{go_, id, id});
    run(stream, id);
    return id;
  }
  void create(std::uint64_t& id) {
    id = ++actors_;
    sync(0, trace::Go{go_, id, id});
  }
  void run(std::size_t stream, std::uint64_t id) {
    sync(stream, trace::Switch{id, 1, 0});
    counts_[stream].stream->call(0, worker_);
  }

  template <class Event>
  void sync(std::size_t stream, const Event& event) {
    Count& count = counts_[stream];
    count.stream->op(event);
    if (++count.events % kChunk == 0) {
      count.stream->cut(trace::Family::sync);
    }
  }
  void read(std::size_t stream, std::uint64_t address) { access(stream, read_, address); }
  void write(std::size_t stream, std::uint64_t address) { access(stream, write_, address); }
  void fill(std::uint64_t address) { access(0, fill_, address); }  // by main
  void access(std::size_t stream, std::uint32_t site, std::uint64_t address) {
    Count& count = counts_[stream];
    count.stream->access(site, address);
    if (++count.accesses % kChunk == 0) {
      count.stream->cut(trace::Family::access);
    }
  }
  [[nodiscard]] std::uint32_t call() const { return call_; }

  [[nodiscard]] Trace finish() const {
    Trace trace{trace_.bytes()};
    for (const Count& count : counts_) {
      trace.events += count.events;
      trace.accesses += count.accesses;
    }
    return trace;
  }

 private:
  struct Count {
    StreamBuilder* stream;
    std::uint64_t events;
    std::uint64_t accesses;
  };

  trace::TraceBuilder trace_;
  FunctionId main_;
  FunctionId worker_;
  std::uint32_t go_ = 0;
  std::uint32_t fill_ = 0;
  std::uint32_t read_ = 0;
  std::uint32_t write_ = 0;
  std::uint32_t call_ = 0;
  std::vector<Count> counts_;
  std::uint64_t objects_ = 0;
  std::uint64_t actors_ = kMain;
};

class Mutexes {
 public:
  Mutexes(Program& program, std::size_t count) : program_(program), tickets_(count + 1, 1) {
    for (std::size_t i = 0; i < count; ++i) {
      program.add_object(trace::ObjectKind::mutex);  // objects 1 to count
    }
  }
  void lock(std::size_t stream, std::uint64_t mutex) {
    program_.sync(stream, trace::Lock{program_.call(), mutex, tickets_[mutex]++, 0, 0, 0});
  }
  void unlock(std::size_t stream, std::uint64_t mutex) {
    program_.sync(stream, trace::Unlock{program_.call(), mutex, tickets_[mutex]++, 0});
  }

 private:
  Program& program_;
  std::vector<std::uint64_t> tickets_;
};

// Eight streams, one goroutine each.
std::vector<std::size_t> eight(Program& program) {
  std::vector<std::size_t> streams;
  for (int i = 0; i < 8; ++i) {
    streams.push_back(program.add_stream());
    program.start(streams.back());
  }
  return streams;
}

}  // namespace

Trace locks(std::uint64_t sections) {
  constexpr std::uint64_t kMutexes = 16;
  std::mt19937_64 random(1);
  Program program;
  Mutexes mutexes(program, kMutexes);
  const std::vector<std::size_t> streams = eight(program);
  for (std::uint64_t i = 0; i < sections; ++i) {
    const std::size_t stream = streams[random() % streams.size()];
    const std::uint64_t mutex = 1 + random() % kMutexes;
    mutexes.lock(stream, mutex);
    program.read(stream, kHeap + mutex * 8);
    program.write(stream, kHeap + mutex * 8);
    mutexes.unlock(stream, mutex);
  }
  return program.finish();
}

Trace accesses(std::uint64_t count) {
  constexpr std::uint64_t kOwn = 1 << 20;
  constexpr std::uint64_t kTable = 1 << 16;
  constexpr std::uint64_t kBetweenLocks = 500;
  std::mt19937_64 random(2);
  Program program;
  Mutexes mutexes(program, 1);
  const std::vector<std::size_t> streams = eight(program);
  for (std::uint64_t done = 0; done < count; done += kBetweenLocks) {
    const std::size_t stream = streams[done / kBetweenLocks % streams.size()];
    const std::uint64_t own = kHeap + stream * kOwn;
    mutexes.lock(stream, 1);
    mutexes.unlock(stream, 1);
    std::uint64_t at = random() % kOwn;
    for (std::uint64_t i = 0; i < kBetweenLocks; i += 2, at += 8) {
      program.read(stream, kHeap + random() % kTable / 8 * 8);
      program.write(stream, own + at % kOwn / 8 * 8);
    }
  }
  return program.finish();
}

Trace loops(std::uint64_t count, std::uint64_t between_locks) {
  constexpr std::uint64_t kOwn = 1 << 16;
  Program program;
  Mutexes mutexes(program, 1);
  const std::vector<std::size_t> streams = eight(program);
  for (std::uint64_t done = 0; done < count; done += between_locks) {
    const std::size_t stream = streams[done / between_locks % streams.size()];
    mutexes.lock(stream, 1);
    mutexes.unlock(stream, 1);
    for (std::uint64_t i = 0; i < between_locks; i += 2) {
      const std::uint64_t address = kHeap + stream * kOwn + i * 4 % kOwn;
      program.read(stream, address);
      program.write(stream, address);
    }
  }
  return program.finish();
}

Trace goroutines(std::uint64_t count, std::uint64_t live) {
  constexpr std::uint64_t kMutexes = 16;
  std::mt19937_64 random(3);
  Program program;
  Mutexes mutexes(program, kMutexes);
  const std::uint64_t group = program.add_object(trace::ObjectKind::wait_group);
  const std::uint64_t jobs = program.add_object(trace::ObjectKind::channel, live);
  std::vector<std::size_t> workers(4);
  for (std::size_t& worker : workers) {
    worker = program.add_stream();
  }
  std::uint64_t ticket = 1;
  std::uint64_t job = 1;
  for (std::uint64_t done = 0; done < count; done += live) {
    std::vector<std::uint64_t> batch(std::min(live, count - done));
    auto value = static_cast<std::int64_t>(batch.size());
    program.sync(0, trace::WgAdd{program.call(), group, ticket++, value, value});
    for (std::size_t i = 0; i < batch.size(); ++i) {
      program.create(batch[i]);
      program.fill(kHeap + (done + i) % live * 64);
      program.sync(0, trace::ChanSend{program.call(), jobs, job + i, 0, 0});
    }
    for (const std::uint64_t id : batch) {
      const std::size_t stream = workers[random() % workers.size()];
      const std::uint64_t mutex = 1 + random() % kMutexes;
      program.run(stream, id);
      program.sync(stream, trace::ChanRecv{program.call(), jobs, job, 0, 0, 0});
      for (std::uint64_t i = 0; i < 8; ++i) {
        program.read(stream, kHeap + (job - 1) % live * 64 + i * 8);
        program.write(stream, kHeap + (job - 1) % live * 64 + i * 8);
      }
      ++job;
      mutexes.lock(stream, mutex);
      program.write(stream, kHeap / 2 + mutex * 8);
      mutexes.unlock(stream, mutex);
      program.sync(stream, trace::WgAdd{program.call(), group, ticket++, -1, --value});
      program.sync(stream, trace::GoEnd{});
    }
    program.sync(0, trace::WgWait{program.call(), group, ticket++, 0, 0});
  }
  return program.finish();
}

Trace atomics(std::uint64_t count) {
  constexpr std::uint64_t kAtomics = 64;
  std::mt19937_64 random(4);
  Program program;
  const std::vector<std::size_t> streams = eight(program);
  for (std::uint64_t ticket = 1; ticket <= count; ++ticket) {
    const std::uint64_t address = kHeap + random() % kAtomics * 8;
    program.sync(streams[random() % streams.size()],
                 trace::Atomic{program.call(), address, 8, static_cast<std::uint64_t>(trace::AtomicOp::rmw),
                               static_cast<std::uint64_t>(trace::AtomicOrder::seq_cst), address >> 26, ticket});
  }
  return program.finish();
}

}  // namespace gordian::bench
