// SPDX-License-Identifier: Apache-2.0
// Reads what encode.h and the pass wrote: the file, its chunks, sync events, access words. Never trusts a byte: every
// length is checked and capped, every failure is an Error with the byte offset. Only the analyzer links this.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/trace/access_word.h"
#include "runtime/trace/event.h"
#include "runtime/trace/file_layout.h"

namespace gordian::trace {

using AnyEvent = std::variant<std::monostate
#define GORDIAN_EVENT(number, Type, text, critical, fields) , Type
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
                              >;

// Where a kind of event stands in AnyEvent. Asked by place: by type, the library searches the list anew each time.
template <class Event>
inline constexpr std::size_t kPlaceInAnyEvent = []<class... All>(const std::variant<All...>*) {
  std::size_t place = 0;
  static_cast<void>(((std::is_same_v<Event, All> || (++place, false)) || ...));
  return place;
}(static_cast<const AnyEvent*>(nullptr));

template <class Event>
[[nodiscard]] bool is_event(const AnyEvent& event) noexcept {
  return event.index() == kPlaceInAnyEvent<Event>;
}
// nullptr: it is another one.
template <class Event>
[[nodiscard]] const Event* event_as(const AnyEvent* event) noexcept {
  return std::get_if<kPlaceInAnyEvent<Event>>(event);
}

// One chunk, decompressed and with its checksum verified.
struct Chunk {
  FileChunk header;
  std::uint64_t file_offset = 0;
  std::vector<std::uint8_t> payload;

  // The payload of an access chunk; read() has made sure that it is whole words.
  [[nodiscard]] std::span<const std::uint64_t> words() const {
    return {reinterpret_cast<const std::uint64_t*>(payload.data()), payload.size() / sizeof(std::uint64_t)};
  }
  // Where the payload's byte 0 stands; an offset inside a compressed payload counts decompressed bytes from there.
  [[nodiscard]] std::uint64_t payload_offset() const { return file_offset + sizeof(FileChunk); }
};

// Decodes the sync events of one payload in order.
class EventReader {
 public:
  EventReader(std::span<const std::uint8_t> payload, std::uint64_t file_offset)
      : payload_(payload), file_offset_(file_offset) {}
  // The next event; std::monostate at the end of the payload. Views are valid until the next call.
  Result<AnyEvent> next();
  [[nodiscard]] std::uint64_t file_offset() const { return file_offset_ + position_; }

 private:
  std::span<const std::uint8_t> payload_;
  std::uint64_t file_offset_;
  std::size_t position_ = 0;
  std::vector<std::uint64_t> words_;
};

// One record of the access family.
struct AccessRecord {
  enum class Type : std::uint8_t { end, marker, stack, access, range, strided, matrix, bitmap } type = Type::end;
  std::uint64_t ordinal = 0;            // marker
  std::uint64_t pop = 0;                // stack
  std::span<const std::uint64_t> push;  // stack: parent's call site << 32 | function id
  std::uint64_t site = 0;
  std::uint64_t address = 0;
  std::uint64_t count = 1;              // strided, and of a matrix's row
  std::int64_t stride = 0;              // likewise
  std::uint64_t rows = 1;               // matrix
  std::int64_t row_stride = 0;          // matrix
  std::uint64_t bytes = 0;              // range
  std::span<const std::uint64_t> bits;  // bitmap
  unsigned shift = 0;                   // bitmap
  bool is_of_ranges = false;            // bitmap
};

class AccessReader {
 public:
  AccessReader(std::span<const std::uint64_t> words, std::uint64_t file_offset)
      : words_(words), file_offset_(file_offset) {}
  // The next record of any type; Type::end at the end of the payload.
  Result<AccessRecord> next();
  // The run of plain words that stands here, possibly empty, and moves behind it: the fast path of a reader, which then
  // asks next() for the control record that follows. Zero words inside it are padding.
  std::span<const std::uint64_t> plain_words();
  [[nodiscard]] std::uint64_t file_offset() const { return file_offset_ + position_ * 8; }

 private:
  [[nodiscard]] AccessRecord plain_record();
  [[nodiscard]] Result<AccessRecord> control_record();

  std::span<const std::uint64_t> words_;
  std::uint64_t file_offset_;
  std::size_t position_ = 0;
};

// A trace file. Chunk headers are indexed and checksums verified at open; payloads are read on demand, so that a trace
// larger than memory can be analysed. A cut file yields every whole chunk before the cut, and truncated() says where it
// was cut. Read with pread, not mapped: a file that shrinks under the reader is then an Error instead of a SIGBUS.
class TraceFile {
 public:
  static Result<TraceFile> open(const std::string& path);
  static Result<TraceFile> from_bytes(std::vector<std::uint8_t> bytes, std::string name);
  TraceFile(TraceFile&&) noexcept;
  TraceFile& operator=(TraceFile&&) noexcept;
  ~TraceFile();

  struct ChunkRef {
    FileChunk header;
    std::uint64_t offset = 0;  // of the header in the file
  };
  [[nodiscard]] const FileHeader& header() const;
  [[nodiscard]] const std::string& path() const;
  [[nodiscard]] const std::string& program() const;
  [[nodiscard]] const std::string& command() const;
  [[nodiscard]] const std::vector<ChunkRef>& chunks() const;
  [[nodiscard]] const std::optional<FileEnd>& end() const;
  // Set if the file ends inside a chunk, holds a chunk whose checksum is wrong, or has no end chunk.
  [[nodiscard]] const std::optional<Error>& truncated() const;
  [[nodiscard]] Result<Chunk> read(const ChunkRef& ref) const;

 private:
  struct Impl;
  explicit TraceFile(std::unique_ptr<Impl> impl);
  static Result<TraceFile> load(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gordian::trace
