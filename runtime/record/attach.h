// SPDX-License-Identifier: Apache-2.0
// For runtime/boot and runtime/hooks only: switches recording on and off for the whole process, and carries site
// tables.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace gordian::rt::record {

// Before any other thread exists: the ring is laid out over the memory file and everything is recorded from now on.
// False if the system refuses; then nothing is.
bool lay_out_ring(int memfd, std::uint32_t chunk_count) noexcept;
void start_recording(pid_t drainer) noexcept;
void abandon_ring() noexcept;  // laid out, but nobody wants it

// The program's own libraries, for a report that must say which of them were not instrumented.
void write_modules() noexcept;

const char* program_path() noexcept;  // absolute; "" when nothing is recorded

// In the child of a fork: nothing is recorded, and the parent's ring is out of reach.
void stop_in_child() noexcept;

// The tables family: one stream of bytes for the whole process, append() after append() (locked). Splits over chunks.
class TableWriter {
 public:
  TableWriter() noexcept;   // takes the lock
  ~TableWriter() noexcept;  // commits, releases the lock
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  void append(const void* bytes, std::uint64_t count) noexcept;
  void pad_to_8() noexcept;

 private:
  std::uint64_t written_ = 0;
};

}  // namespace gordian::rt::record
