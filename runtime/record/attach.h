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

// The program's own libraries, for a report that must say which of them were not instrumented: those that are loaded
// when they are noted, before there are threads.
void note_modules() noexcept;
void write_modules() noexcept;

const char* program_path() noexcept;  // absolute; "" when nothing is recorded

// Around a fork (fork.cc). In the parent, before it: its place in the trace. In the child: first the parent's ring is
// out of use (true: it was recorded); then, before lay_out_ring, everything begins anew; when that is decided, the
// parent's ring goes, with a word about a child that is not recorded; last, the stream of the thread that forked
// begins.
void note_fork() noexcept;
bool stop_in_child() noexcept;
void forget_parent() noexcept;
void leave_parent(bool recorded) noexcept;
void begin_in_child() noexcept;

// What has been written of the tables may go to the drainer: without names a trace that stops early is worth little.
void seal_tables() noexcept;

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
