// SPDX-License-Identifier: Apache-2.0
// Compresses SIZE bytes of text in blocks on a pool of threads: blocks come through a queue, results go into slots of
// their own. Checked by decompression.
#include <optional>

#include "tests/bench/kernels/lz.h"
#include "tests/bench/kernels/queue.h"
#include "tests/bench/kernels/text.h"

namespace {

constexpr std::size_t kBlock = 64 * 1024;

class Pool {
 public:
  Pool(std::string_view text, unsigned threads)
      : text_(text), results_((text.size() + kBlock - 1) / kBlock), jobs_(2 * threads) {
    for (unsigned i = 0; i < threads; ++i) {
      team_.emplace_back([this] { work(); });
    }
  }

  std::vector<std::string> compress() {
    for (std::size_t i = 0; i < results_.size(); ++i) {
      jobs_.push(i);
    }
    jobs_.close();
    for (std::thread& member : team_) {
      member.join();
    }
    return std::move(results_);
  }

 private:
  void work() {
    kernel::LzCompressor compressor;
    while (const std::optional<std::size_t> block = jobs_.pop()) {
      results_[*block] = compressor.compress(text_.substr(*block * kBlock, kBlock));
    }
  }

  std::string_view text_;
  std::vector<std::string> results_;
  kernel::Queue<std::size_t> jobs_;
  std::vector<std::thread> team_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 20);
  const std::string text = kernel::make_text(size, 11, 10);
  const std::vector<std::string> blocks = Pool(text, threads).compress();
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    kernel::require(kernel::lz_decompress(blocks[i]) == std::string_view(text).substr(i * kBlock, kBlock),
                    "decompressed it is another text");
    checksum.add(blocks[i].size());
    for (std::size_t at = 0; at < blocks[i].size(); at += 64) {
      checksum.add(static_cast<std::uint8_t>(blocks[i][at]));
    }
  }
  checksum.print();
}
