// SPDX-License-Identifier: Apache-2.0
// Builds a trace in memory, for tests and for the text twin: streams of events and accesses, a site table, and the
// bytes of the file. event() and words() append exactly what they are given; op() and access() first write what a
// recorder would have written there: the stack delta, the marker.
//
//   TraceBuilder trace;
//   const FunctionId f = trace.units().function("worker", "w.cc", 3);
//   const std::uint32_t store = trace.units().access(f, 4, "counter", AccessKind::write, 8);
//   StreamBuilder& one = trace.stream();
//   one.event(ThreadStart{1, 100}).event(Switch{1, 1, 0}).call(0, f).access(store, 0x1000);
//   Result<TraceFile> file = TraceFile::from_bytes(trace.bytes(), "test");
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/trace/encode.h"
#include "runtime/trace/event.h"
#include "runtime/trace/file_layout.h"
#include "runtime/trace/tables.h"

namespace gordian::trace {

// Fills a UnitTable line by line. Sites and calls of a function are appended while it is the newest one.
class UnitBuilder {
 public:
  UnitBuilder() { table_.function_base = 1; }
  explicit UnitBuilder(UnitTable table) : table_(std::move(table)) {}

  FunctionId function(std::string_view name, std::string_view file, std::uint32_t line);
  // Returns the index of the access site within the newest function.
  std::uint32_t access(std::uint32_t line, std::string_view name, AccessKind kind, std::uint32_t size,
                       NameKind name_kind = NameKind::global);
  // Of access sites of the newest function, which gets no more of them. Returns the number that records name it by.
  std::uint32_t group(std::initializer_list<SiteGroupMember> members);
  // Returns the number of the call site within the newest function, from 1.
  std::uint32_t call(std::uint32_t line, std::string_view callee, std::string_view object = "");
  void global(std::string_view name, std::uint64_t address, std::uint32_t size, std::string_view file,
              std::uint32_t line, std::uint32_t element_size = 0);
  // A field of the newest global.
  // An array's element has `inner` members, the next ones to be added.
  void member(std::string_view name, std::uint32_t offset, std::uint32_t size, std::uint32_t element_size = 0,
              std::uint32_t inner = 0);
  [[nodiscard]] const UnitTable& table() const { return table_; }

 private:
  std::uint32_t location(std::uint32_t line);

  UnitTable table_;
  std::uint32_t function_name_ = 0;
  std::uint32_t file_ = 0;
};

class TraceBuilder;

class StreamBuilder {
 public:
  StreamBuilder(TraceBuilder& trace, std::uint32_t id) : trace_(trace), id_(id) {}

  // Exactly this event, or these words.
  template <class Event>
  StreamBuilder& event(const Event& event) {
    std::vector<std::uint8_t>& out = open(Family::sync);
    const std::size_t size = out.size();
    out.resize(size + encoded_bound(event));
    out.resize(static_cast<std::size_t>(encode(out.data() + size, event) - out.data()));
    count_event();
    note(event);
    return *this;
  }
  StreamBuilder& words(std::initializer_list<std::uint64_t> words);
  StreamBuilder& words(std::span<const std::uint64_t> words);

  // The shadow stack of the actor that runs here.
  StreamBuilder& call(std::uint64_t parent_call_site, FunctionId function);
  StreamBuilder& ret();
  StreamBuilder& stack(std::vector<std::uint64_t> frames);  // outermost first, as in a `stack` delta
  [[nodiscard]] const std::vector<std::uint64_t>& stack() const { return frames_; }

  // An event or an access with the stack delta and marker that are due.
  template <class Event>
  StreamBuilder& op(const Event& e) {
    if constexpr (HasSite<Event>) {
      write_stack_event();
    }
    return event(e);
  }
  StreamBuilder& access(std::uint64_t site, std::uint64_t address);
  StreamBuilder& range(std::uint64_t site, std::uint64_t address, std::uint64_t bytes);
  StreamBuilder& strided(std::uint64_t site, std::uint64_t address, std::uint64_t count, std::int64_t stride);
  StreamBuilder& matrix(std::uint64_t site, std::uint64_t address, std::uint64_t count, std::int64_t stride,
                        std::uint64_t rows, std::int64_t row_stride);
  // A site, or one | kBitmapOfRanges.
  StreamBuilder& bitmap(std::uint64_t site, std::uint64_t address, unsigned shift,
                        const std::vector<std::uint64_t>& bits);

  // The next event or access begins a new chunk.
  StreamBuilder& cut();
  StreamBuilder& cut(Family family);
  [[nodiscard]] std::uint64_t ordinal() const { return ordinal_; }  // of the next event
  [[nodiscard]] std::uint32_t id() const { return id_; }

 private:
  struct Half {
    bool is_open = false;
    std::size_t chunk = 0;
    std::uint64_t sequence = 0;
    std::vector<std::uint64_t> known;  // what the chunk's reader knows of the stack
    bool forgotten = true;
    std::uint64_t marker = ~std::uint64_t{0};
  };

  Half& half(Family family) { return family == Family::sync ? sync_ : access_; }
  std::vector<std::uint8_t>& open(Family family);
  void count_event() { ++ordinal_; }
  template <class Event>
  void note(const Event& event) {
    if constexpr (std::is_same_v<Event, Switch>) {
      actor_ = event.actor;
      frames_.clear();
      forget();
    } else if constexpr (std::is_same_v<Event, ThreadStart>) {
      actor_ = event.actor;
    }
  }
  void forget();
  // The delta from what `family` knows to the stack; pops kPopAll if it knows nothing.
  bool delta(Family family, std::uint64_t& pop, std::vector<std::uint64_t>& push);
  void write_stack_event();
  void write_access_state();

  TraceBuilder& trace_;
  std::uint32_t id_;
  Half sync_;
  Half access_;
  std::uint64_t ordinal_ = 0;
  std::uint64_t actor_ = 0;
  std::vector<std::uint64_t> frames_;
};

class TraceBuilder {
 public:
  UnitBuilder& units() { return unit_; }
  void add_table(const UnitTable& table);  // besides units()
  StreamBuilder& stream();                 // the next stream, numbered from 1
  StreamBuilder& stream(std::uint32_t id);
  FileHeader& header() { return header_; }
  void program(std::string path) { program_ = std::move(path); }
  void command(std::string line) { command_ = std::move(line); }
  // Without an end the file counts as truncated.
  void end(const FileEnd& end) {
    end_ = end;
    has_end_ = true;
  }
  void no_end() { has_end_ = false; }

  // A chunk by hand: the text twin and tests of broken traces.
  std::size_t add_chunk(const FileChunk& header, std::vector<std::uint8_t> payload);
  [[nodiscard]] std::vector<std::uint8_t>& payload(std::size_t chunk) { return chunks_[chunk].payload; }

  [[nodiscard]] std::vector<std::uint8_t> bytes() const;

 private:
  struct Part {
    FileChunk header;
    std::vector<std::uint8_t> payload;
  };
  void append_tables(std::vector<std::uint8_t>& out) const;

  FileHeader header_;
  std::string program_ = "/bin/test";
  std::string command_;
  FileEnd end_{EndKind::exited, 0, 0, 0};
  bool has_end_ = true;
  UnitBuilder unit_;
  std::vector<UnitTable> tables_;
  std::deque<Part> chunks_;
  std::map<std::uint32_t, StreamBuilder> streams_;
};

// One chunk as it stands in a file; fills in size, codec none and checksum.
void append_chunk(std::vector<std::uint8_t>& out, FileChunk header, std::span<const std::uint8_t> payload);

}  // namespace gordian::trace
