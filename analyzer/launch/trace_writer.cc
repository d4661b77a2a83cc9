// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/trace_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "runtime/trace/file_checksum.h"

namespace gordian::analysis {

namespace {

Error io_error(const std::string& path, const char* what) {
  return {ErrorKind::io, path, std::string(what) + ": " + std::strerror(errno), ""};
}

// May the file be overwritten? Only if it is a regular file that begins like a trace, or is empty.
bool is_trace(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return false;
  }
  std::uint64_t magic = 0;
  return status.st_size == 0 ||
         (read(file.get(), &magic, sizeof(magic)) == static_cast<ssize_t>(sizeof(magic)) && magic == trace::kFileMagic);
}

bool write_at(int file, std::uint64_t offset, const void* bytes, std::size_t count) {
  const char* from = static_cast<const char*>(bytes);
  while (count != 0) {
    const ssize_t wrote = pwrite(file, from, count, static_cast<off_t>(offset));
    if (wrote < 0 && errno == EINTR) {
      continue;
    }
    if (wrote <= 0) {
      return false;
    }
    from += wrote;
    offset += static_cast<std::uint64_t>(wrote);
    count -= static_cast<std::size_t>(wrote);
  }
  return true;
}

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

Result<TraceWriter> TraceWriter::create(const std::string& path, bool replace) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(open(path.c_str(), kFlags, 0600));
  if (!file && errno == EEXIST && replace) {
    if (!is_trace(path)) {
      return Error{ErrorKind::io, path, "exists and is not a trace", "choose another name with -o"};
    }
    unlink(path.c_str());
    file = Descriptor(open(path.c_str(), kFlags, 0600));
  }
  if (!file) {
    return io_error(path, "cannot be created");
  }
  return TraceWriter(std::move(file), path);
}

Result<void> TraceWriter::write_header(trace::FileHeader header, const std::string& program,
                                       const std::string& command) {
  header.program_bytes = static_cast<std::uint32_t>(program.size());
  header.command_bytes = static_cast<std::uint32_t>(command.size());
  const std::string texts = program + command;
  return append(&header, sizeof(header), texts.data(), texts.size());
}

Result<void> TraceWriter::write_chunk(const CodedChunk& chunk) {
  return append(&chunk.header, sizeof(chunk.header), chunk.bytes.data(), chunk.bytes.size());
}

Result<void> TraceWriter::write_stored(trace::FileChunk header, const void* payload) {
  header.codec = trace::Codec::none;
  header.stored_bytes = header.raw_bytes;
  header.checksum = trace::chunk_checksum(header, payload);
  return append(&header, sizeof(header), payload, header.stored_bytes);
}

Result<void> TraceWriter::write_end(const trace::FileEnd& end) {
  trace::FileChunk header;
  header.family = trace::Family::end;
  header.cycles = __builtin_ia32_rdtsc();
  header.monotonic_ns = monotonic_ns();
  header.raw_bytes = sizeof(end);
  return write_stored(header, &end);
}

// All or nothing: a partial write is cut off again.
Result<void> TraceWriter::append(const void* first, std::size_t first_bytes, const void* second,
                                 std::size_t second_bytes) {
  if (!keeps()) {
    return {};
  }
  if (!write_at(file_.get(), whole_, first, first_bytes) ||
      !write_at(file_.get(), whole_ + first_bytes, second, second_bytes)) {
    const Error error = io_error(path_, "cannot be written");
    // Nothing to be done if even this fails: readers stop at the first chunk whose checksum is wrong.
    [[maybe_unused]] const int cut = ftruncate(file_.get(), static_cast<off_t>(whole_));
    return error;
  }
  whole_ += first_bytes + second_bytes;
  return {};
}

}  // namespace gordian::analysis
