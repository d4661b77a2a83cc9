// SPDX-License-Identifier: Apache-2.0
// Runs a piece of code as a recorded process, kills it when it is done, and reads what it left in the ring: no drainer,
// no file, nothing that the code under test could have tidied up.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analyzer/launch/shared_ring.h"
#include "runtime/record/attach.h"
#include "runtime/record/recorder.h"
#include "runtime/trace/decode.h"

namespace gordian::test {

// One event, owned: numbers by field name, and the list.
struct Seen {
  trace::EventKind kind{};
  std::map<std::string, std::uint64_t> field;
  std::vector<std::uint64_t> list;
  std::vector<std::uint32_t> stack;  // function ids, outermost first, as the stream knew them at this event
};

struct SeenAccess {
  trace::AccessRecord::Type type{};
  std::uint64_t site = 0;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
  std::uint64_t marker = 0;  // the segment it lies in
  std::vector<std::uint32_t> stack;
};

struct Recorded {
  std::map<std::uint32_t, std::vector<Seen>> events;  // per stream; Stack events are applied, not listed
  std::map<std::uint32_t, std::vector<SeenAccess>> accesses;
  std::map<std::uint32_t, std::uint64_t> ordinals;  // events per stream, Stack included
  std::vector<std::uint8_t> tables;
  std::uint64_t lost_sync = 0;
  std::uint64_t lost_access = 0;
  std::vector<std::string> problems;  // gaps in sequences or ordinals, undecodable bytes

  [[nodiscard]] std::vector<Seen> of(trace::EventKind kind) const {
    std::vector<Seen> found;
    for (const auto& [stream, list] : events) {
      for (const Seen& event : list) {
        if (event.kind == kind) {
          found.push_back(event);
        }
      }
    }
    return found;
  }
};

// Reads chunks that come in the order of each stream.
class ChunkReader {
 public:
  void read(const analysis::ChunkView& chunk, const std::uint8_t* payload);
  Recorded result;

 private:
  void read_events(const analysis::ChunkView& chunk, const std::uint8_t* payload);
  void read_accesses(const analysis::ChunkView& chunk, const std::uint8_t* payload);
  std::map<std::pair<trace::Family, std::uint32_t>, std::uint64_t> sequences_;
};

inline constexpr std::uint32_t kRoomy = 64;  // chunks

// In the child: its main thread is actor 1, and records.
void start_main();

// The code runs in a child that records into a ring of so many chunks and then kills itself. With `drained`, the ring
// is emptied meanwhile, as the drainer does it.
Recorded record_in_child(const std::function<void()>& code, std::uint32_t chunks = kRoomy, bool drained = false);

}  // namespace gordian::test
