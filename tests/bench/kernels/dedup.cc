// SPDX-License-Identifier: Apache-2.0
// Finds and compresses what is new in SIZE bytes of text, as a pipeline with queues between three stages: one thread
// cuts where a rolling hash says so, a team of THREADS fingerprints the pieces, looks them up in a table with striped
// locks and compresses those that are first of their kind, one thread puts the results in order.
#include <array>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "tests/bench/kernels/lz.h"
#include "tests/bench/kernels/queue.h"
#include "tests/bench/kernels/text.h"

namespace {

constexpr std::size_t kShortest = 1024;
constexpr std::size_t kLongest = 16384;
constexpr std::uint64_t kCutMask = 0xfff0'0000'0000'0000;  // one position in 4096 on average
constexpr std::size_t kQueueLength = 64;

struct Piece {
  std::size_t number = 0;
  std::string_view text;
  std::uint64_t fingerprint = 0;
  std::string compressed{};  // of the first of its kind
};
using PieceQueue = kernel::Queue<Piece>;

// Gear hash (Xia 2014): each byte is shifted out after 64 more, so a cut depends on the text around it alone.
std::size_t length_of_piece(std::string_view text) {
  static const auto gears = [] {
    std::array<std::uint64_t, 256> values;
    kernel::Random random(12);
    std::generate(values.begin(), values.end(), [&] { return random.next(); });
    return values;
  }();
  std::uint64_t hash = 0;
  const std::size_t longest = std::min(kLongest, text.size());
  for (std::size_t i = 0; i < longest; ++i) {
    hash = hash * 2 + gears[static_cast<std::uint8_t>(text[i])];
    if (i >= kShortest && (hash & kCutMask) == 0) {
      return i;
    }
  }
  return longest;
}

void cut(std::string_view text, PieceQueue& pieces) {
  for (std::size_t number = 0; !text.empty(); ++number) {
    const std::size_t length = length_of_piece(text);
    pieces.push(Piece{.number = number, .text = text.substr(0, length)});
    text.remove_prefix(length);
  }
  pieces.close();
}

std::uint64_t fingerprint_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  }
  return kernel::mix(hash);
}

class Known {
 public:
  // True for the first who comes with it.
  bool add(std::uint64_t fingerprint) {
    Stripe& stripe = stripes_[fingerprint % kStripes];
    const std::scoped_lock guard(stripe.mutex);
    return stripe.fingerprints.insert(fingerprint).second;
  }

 private:
  static constexpr std::size_t kStripes = 64;
  struct Stripe {
    std::mutex mutex;
    std::unordered_set<std::uint64_t> fingerprints;
  };
  std::array<Stripe, kStripes> stripes_;
};

void compress_new(PieceQueue& pieces, Known& known, PieceQueue& results) {
  kernel::LzCompressor compressor;
  while (std::optional<Piece> piece = pieces.pop()) {
    piece->fingerprint = fingerprint_of(piece->text);
    if (known.add(piece->fingerprint)) {
      piece->compressed = compressor.compress(piece->text);
    }
    results.push(std::move(*piece));
  }
}

// The archive: the fingerprints of all pieces in order, and the compressed text of each.
struct Archive {
  std::vector<std::uint64_t> order;
  std::unordered_map<std::uint64_t, std::string> pieces;
};

Archive collect(PieceQueue& results) {
  Archive archive;
  while (std::optional<Piece> piece = results.pop()) {
    archive.order.resize(std::max(archive.order.size(), piece->number + 1));
    archive.order[piece->number] = piece->fingerprint;
    if (!piece->compressed.empty()) {
      archive.pieces.emplace(piece->fingerprint, std::move(piece->compressed));
    }
  }
  return archive;
}

Archive deduplicate(std::string_view text, unsigned threads) {
  PieceQueue pieces(kQueueLength);
  PieceQueue results(kQueueLength);
  Known known;
  Archive archive;
  std::thread first([&] { cut(text, pieces); });
  std::thread last([&] { archive = collect(results); });
  kernel::in_parallel(threads, [&](unsigned) { compress_new(pieces, known, results); });
  results.close();
  first.join();
  last.join();
  return archive;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 20);
  const std::string text = kernel::make_text(size, 13, 40);
  const Archive archive = deduplicate(text, threads);
  std::string restored;
  kernel::Checksum checksum;
  for (const std::uint64_t fingerprint : archive.order) {
    const std::string& compressed = archive.pieces.at(fingerprint);
    restored += kernel::lz_decompress(compressed);
    checksum.add(fingerprint);
    checksum.add(compressed.size());
  }
  kernel::require(restored == text, "restored it is another text");
  checksum.print();
}
