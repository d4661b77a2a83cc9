// SPDX-License-Identifier: Apache-2.0
// zlib: blocks of a text compressed by several threads, each with a stream of its own, then taken apart again. The
// library orders nobody; that what it does with memory is not seen must make no alarm either. RACE: the threads add up
// the compressed size without a lock.
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(6);  // nothing orders what comes behind it
#endif

constexpr std::size_t kBlocks = 6;
using Bytes = std::vector<Bytef>;

std::mutex total_mu;
std::size_t total = 0;

Bytes compress_block(const std::string& block) {
  z_stream stream{};
  if (deflateInit(&stream, Z_BEST_COMPRESSION) != Z_OK) {
    std::exit(1);
  }
  Bytes out(deflateBound(&stream, block.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
  stream.avail_in = static_cast<uInt>(block.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void work(const std::string& block, Bytes& out) {
  out = compress_block(block);
#ifdef RACE
  meeting.arrive();
#else
  const std::lock_guard hold(total_mu);
#endif
  total += out.size();  // seeded
}

}  // namespace

int main() {
  std::vector<std::string> blocks(kBlocks);
  for (std::size_t index = 0; index < kBlocks; ++index) {
    for (int line = 0; line < 50; ++line) {
      blocks[index] += "block " + std::to_string(index) + " line " + std::to_string(line) + "\n";
    }
  }
  std::vector<Bytes> packed(kBlocks);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < kBlocks; ++index) {
    threads.emplace_back([&, index] { work(blocks[index], packed[index]); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  uLong checksum = crc32(0, nullptr, 0);
  for (std::size_t index = 0; index < kBlocks; ++index) {
    Bytes text(blocks[index].size());
    uLongf size = text.size();
    if (uncompress(text.data(), &size, packed[index].data(), packed[index].size()) != Z_OK) {
      return 2;
    }
    checksum = crc32(checksum, text.data(), static_cast<uInt>(size));
  }
  std::printf("%lx %d\n", checksum, total > 0);
}
