// SPDX-License-Identifier: Apache-2.0
// The trace file: header, index of chunks, payloads on demand. Counts and sizes are checked against the file's own
// length before anything is allocated, so a hostile header costs nothing.
#include <fcntl.h>
#include <lz4.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/trace/decode.h"
#include "runtime/trace/file_checksum.h"
#include "runtime/trace/packed_words.h"

namespace gordian::trace {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 4096;
constexpr std::uint64_t kMaxTextBytes = 1 << 20;
constexpr std::uint64_t kMaxChunkPayload = 16
                                           << 20;  // far above any ring's chunk: a cap on what one chunk may allocate
// How much smaller lz4 can make anything. More, as zstd can, would let a few bytes be work for minutes.
constexpr std::uint64_t kMostShrunk = 255;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

bool pread_all(int fd, std::uint64_t offset, void* out, std::size_t bytes) {
  auto* to = static_cast<char*>(out);
  while (bytes > 0) {
    const ssize_t got = pread(fd, to, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return false;
    }
    to += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

bool is_possible_size(const FileChunk& header) {
  return header.stored_bytes <= kMaxChunkPayload && header.raw_bytes <= kMaxChunkPayload &&
         header.raw_bytes <= kMostShrunk * header.stored_bytes;
}

bool known(Family family) { return family >= Family::sync && family <= Family::end; }

}  // namespace

struct TraceFile::Impl {
  std::string path;
  Descriptor descriptor;
  std::vector<std::uint8_t> bytes;  // instead of the descriptor
  std::uint64_t size = 0;
  FileHeader header;
  std::string program;
  std::string command;
  std::vector<ChunkRef> chunks;
  std::optional<FileEnd> end;
  std::optional<Error> truncated;

  bool read_at(std::uint64_t offset, void* out, std::uint64_t count) const {
    if (offset > size || count > size - offset) {
      return false;
    }
    if (descriptor.get() >= 0) {
      return pread_all(descriptor.get(), offset, out, count);
    }
    if (count > 0) {
      std::memcpy(out, bytes.data() + offset, count);
    }
    return true;
  }

  [[nodiscard]] Error error(ErrorKind kind, std::uint64_t offset, std::string what, std::string hint = "") const {
    return {kind, path + ":" + std::to_string(offset), std::move(what), std::move(hint)};
  }

  void cut(std::uint64_t offset, std::string what) {
    if (!truncated) {
      truncated = error(ErrorKind::corrupt, offset, std::move(what), "everything before this place was read");
    }
  }

  Result<void> read_header();
  Result<std::uint64_t> read_texts();
  void index(std::uint64_t offset);
  bool verify(const ChunkRef& ref, std::vector<std::uint8_t>& scratch) const;
  void read_end(const ChunkRef& ref);
};

Result<void> TraceFile::Impl::read_header() {
  if (!read_at(0, &header, sizeof header) || header.magic != kFileMagic) {
    return error(ErrorKind::corrupt, 0, "not a Gordian trace", "traces are written by `gordian record`");
  }
  if (header.version != kFileVersion) {
    return error(
        ErrorKind::unsupported, 8,
        "trace version " + std::to_string(header.version) + ", this build reads " + std::to_string(kFileVersion),
        "analyse it with the version that recorded it");
  }
  if (header.header_bytes < sizeof header || header.header_bytes > kMaxHeaderBytes) {
    return error(ErrorKind::corrupt, 12, "impossible header size");
  }
  return {};
}

Result<std::uint64_t> TraceFile::Impl::read_texts() {
  if (header.program_bytes > kMaxTextBytes || header.command_bytes > kMaxTextBytes) {
    return error(ErrorKind::corrupt, 20, "impossible length of the program's path or command line");
  }
  const std::uint64_t total = std::uint64_t{header.program_bytes} + header.command_bytes;
  if (header.header_bytes + total > size) {
    return error(ErrorKind::corrupt, size, "the file ends inside its header");
  }
  program.resize(header.program_bytes);
  command.resize(header.command_bytes);
  if (!read_at(header.header_bytes, program.data(), program.size()) ||
      !read_at(header.header_bytes + program.size(), command.data(), command.size())) {
    return error(ErrorKind::io, header.header_bytes, "cannot read the header");
  }
  return header.header_bytes + total;
}

bool TraceFile::Impl::verify(const ChunkRef& ref, std::vector<std::uint8_t>& scratch) const {
  scratch.resize(ref.header.stored_bytes);
  return read_at(ref.offset + sizeof ref.header, scratch.data(), scratch.size()) &&
         chunk_checksum(ref.header, scratch.data()) == ref.header.checksum;
}

void TraceFile::Impl::index(std::uint64_t offset) {
  std::vector<std::uint8_t> scratch;
  while (offset < size) {
    ChunkRef ref;
    ref.offset = offset;
    if (!read_at(offset, &ref.header, sizeof ref.header)) {
      cut(offset, "the file ends inside a chunk header");
      return;
    }
    if (ref.header.magic != kFileChunkMagic || !known(ref.header.family)) {
      cut(offset, "no chunk where one should begin");
      return;
    }
    if (!is_possible_size(ref.header)) {
      cut(offset, "impossible chunk size");
      return;
    }
    if (ref.header.stored_bytes > size - offset - sizeof ref.header) {
      cut(offset, "the file ends inside a chunk");
      return;
    }
    if (verify(ref, scratch)) {
      chunks.push_back(ref);
      if (ref.header.family == Family::end) {
        read_end(ref);
      }
    } else {
      cut(offset, "the checksum of a chunk is wrong");
    }
    offset += sizeof ref.header + ref.header.stored_bytes;
  }
  if (!end) {
    cut(size, "the file has no end chunk: its writer was interrupted");
  }
}

void TraceFile::Impl::read_end(const ChunkRef& ref) {
  FileEnd read;
  if (ref.header.stored_bytes != sizeof read || ref.header.codec != Codec::none ||
      !read_at(ref.offset + sizeof ref.header, &read, sizeof read)) {
    cut(ref.offset, "the end chunk has the wrong size");
    return;
  }
  end = read;
}

TraceFile::TraceFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceFile::TraceFile(TraceFile&&) noexcept = default;
TraceFile& TraceFile::operator=(TraceFile&&) noexcept = default;
TraceFile::~TraceFile() = default;

const FileHeader& TraceFile::header() const { return impl_->header; }
const std::string& TraceFile::path() const { return impl_->path; }
const std::string& TraceFile::program() const { return impl_->program; }
const std::string& TraceFile::command() const { return impl_->command; }
const std::vector<TraceFile::ChunkRef>& TraceFile::chunks() const { return impl_->chunks; }
const std::optional<FileEnd>& TraceFile::end() const { return impl_->end; }
const std::optional<Error>& TraceFile::truncated() const { return impl_->truncated; }

Result<TraceFile> TraceFile::load(std::unique_ptr<Impl> impl) {
  if (Result<void> header = impl->read_header(); !header) {
    return header.error();
  }
  Result<std::uint64_t> chunks = impl->read_texts();
  if (!chunks) {
    return chunks.error();
  }
  impl->index(*chunks);
  return TraceFile(std::move(impl));
}

Result<TraceFile> TraceFile::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->descriptor = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (impl->descriptor.get() < 0 || fstat(impl->descriptor.get(), &status) != 0) {
    return Error{ErrorKind::io, path, std::string("cannot open the trace: ") + std::strerror(errno), ""};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorKind::io, path, "not a regular file", "name a .gtrace file"};
  }
  impl->size = static_cast<std::uint64_t>(status.st_size);
  return load(std::move(impl));
}

Result<TraceFile> TraceFile::from_bytes(std::vector<std::uint8_t> bytes, std::string name) {
  auto impl = std::make_unique<Impl>();
  impl->path = std::move(name);
  impl->bytes = std::move(bytes);
  impl->size = impl->bytes.size();
  return load(std::move(impl));
}

namespace {

bool unpack(std::span<const std::uint8_t> stored, std::vector<std::uint8_t>& raw) {
  return raw.size() % sizeof(std::uint64_t) == 0 &&
         unpack_words(stored, {reinterpret_cast<std::uint64_t*>(raw.data()), raw.size() / sizeof(std::uint64_t)});
}

// What lies between is at most twice as long as the words, whatever they are.
bool unpack_twice(std::span<const std::uint8_t> stored, std::vector<std::uint8_t>& raw) {
  constexpr std::uint64_t kHead = 64;
  const unsigned long long bytes = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (bytes > 2 * raw.size() + kHead) {  // so are the numbers that say "unknown" and "no frame"
    return false;
  }
  std::vector<std::uint8_t> packed(bytes);
  return ZSTD_decompress(packed.data(), packed.size(), stored.data(), stored.size()) == packed.size() &&
         unpack(packed, raw);
}

// Decompresses `stored` into exactly `raw` bytes; false if that is not what it holds.
bool unpack(Codec codec, const std::vector<std::uint8_t>& stored, std::vector<std::uint8_t>& raw) {
  switch (codec) {
    case Codec::none:
      return false;  // handled by the caller: nothing to unpack
    case Codec::lz4:
      return LZ4_decompress_safe(reinterpret_cast<const char*>(stored.data()), reinterpret_cast<char*>(raw.data()),
                                 static_cast<int>(stored.size()),
                                 static_cast<int>(raw.size())) == static_cast<int>(raw.size());
    case Codec::zstd:
      return ZSTD_decompress(raw.data(), raw.size(), stored.data(), stored.size()) == raw.size();
    case Codec::packed:
      return unpack(stored, raw);
    case Codec::packed_zstd:
      return unpack_twice(stored, raw);
  }
  return false;
}

}  // namespace

Result<Chunk> TraceFile::read(const ChunkRef& ref) const {
  const FileChunk& header = ref.header;
  if (header.family == Family::access && header.raw_bytes % sizeof(std::uint64_t) != 0) {
    return impl_->error(ErrorKind::corrupt, ref.offset, "an access chunk is not made of whole words");
  }
  std::vector<std::uint8_t> stored(header.stored_bytes);
  if (!impl_->read_at(ref.offset + sizeof header, stored.data(), stored.size())) {
    return impl_->error(ErrorKind::io, ref.offset, "cannot read a chunk");
  }
  if (chunk_checksum(header, stored.data()) != header.checksum) {
    return impl_->error(ErrorKind::corrupt, ref.offset, "the checksum of a chunk is wrong");
  }
  if (header.codec == Codec::none) {
    if (header.stored_bytes != header.raw_bytes) {
      return impl_->error(ErrorKind::corrupt, ref.offset, "a chunk contradicts its own size");
    }
    return Chunk{header, ref.offset, std::move(stored)};
  }
  if (header.codec > Codec::packed_zstd) {
    return impl_->error(ErrorKind::unsupported, ref.offset, "unknown codec");
  }
  if (header.codec >= Codec::packed && header.family != Family::access) {
    return impl_->error(ErrorKind::corrupt, ref.offset, "only access chunks can be packed");
  }
  std::vector<std::uint8_t> raw(header.raw_bytes);
  if (!unpack(header.codec, stored, raw)) {
    return impl_->error(ErrorKind::corrupt, ref.offset, "a chunk does not decompress");
  }
  return Chunk{header, ref.offset, std::move(raw)};
}

}  // namespace gordian::trace
