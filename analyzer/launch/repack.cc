// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/repack.h"

#include <unistd.h>

#include "analyzer/launch/chunk_coder.h"
#include "analyzer/launch/trace_writer.h"

namespace gordian::analysis {
namespace {

Result<void> copy(const trace::TraceFile& file, TraceWriter& writer) {
  trace::FileHeader header = file.header();
  header.header_bytes = sizeof header;
  if (Result<void> written = writer.write_header(header, file.program(), file.command()); !written) {
    return written;
  }
  ChunkCoder coder;
  coder.take_time();
  for (const trace::TraceFile::ChunkRef& ref : file.chunks()) {
    const Result<trace::Chunk> chunk = file.read(ref);
    if (!chunk) {
      return chunk.error();
    }
    // Readers take an end as it stands.
    const bool is_end = ref.header.family == trace::Family::end;
    if (Result<void> written = is_end ? writer.write_stored(ref.header, chunk->payload.data())
                                      : writer.write_chunk(coder.code(ref.header, chunk->payload.data()));
        !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

Result<std::uint64_t> repack(const trace::TraceFile& file, const std::string& output) {
  Result<TraceWriter> writer = TraceWriter::create(output, true);
  if (!writer) {
    return writer.error();
  }
  if (const Result<void> copied = copy(file, *writer); !copied) {
    unlink(output.c_str());
    return copied.error();
  }
  return writer->written();
}

}  // namespace gordian::analysis
