// SPDX-License-Identifier: Apache-2.0
// SIZE batches of numbers go through goroutines that are joined by buffered channels: one makes them, some change every
// number, one adds up. A batch belongs to who received it. Needs Gordian's runtime, so there is no build for
// ThreadSanitizer.
#include <gordian/gordian.h>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::uint64_t kStages = 4;
constexpr std::int64_t kBuffered = 8;

using Batch = std::vector<std::uint64_t>;
using gordian::RecvChan;
using gordian::SendChan;

void make(std::size_t batches, const SendChan<Batch>& out) {
  kernel::Random random(15);
  for (std::size_t i = 0; i < batches; ++i) {
    Batch batch(kBatch);
    std::generate(batch.begin(), batch.end(), [&] { return random.next(); });
    out.send(std::move(batch));
  }
  out.close();
}

void change(std::uint64_t stage, const RecvChan<Batch>& in, const SendChan<Batch>& out) {
  while (std::optional<Batch> batch = in.next()) {
    for (std::uint64_t& number : *batch) {
      number = number * (2 * stage + 3) + (number >> (7 + stage));
    }
    out.send(std::move(*batch));
  }
  out.close();
}

// What the stages make of one number.
std::uint64_t changed(std::uint64_t number) {
  for (std::uint64_t stage = 0; stage < kStages; ++stage) {
    number = number * (2 * stage + 3) + (number >> (7 + stage));
  }
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = kernel::arguments(argc, argv, 256).size;
  const auto first = gordian::make_chan<Batch>(kBuffered);
  gordian::WaitGroup team;
  team.go([size, first] { make(size, first); });
  auto last = first;
  for (std::uint64_t stage = 0; stage < kStages; ++stage) {
    const auto next = gordian::make_chan<Batch>(kBuffered);
    team.go([stage, last, next] { change(stage, last, next); });
    last = next;
  }
  kernel::Checksum checksum;
  kernel::Random random(15);  // draws the same numbers once more
  std::size_t batches = 0;
  for (const Batch& batch : last) {
    std::uint64_t sum = 0;
    for (const std::uint64_t number : batch) {
      sum += number;
    }
    kernel::require(batch.front() == changed(random.next()), "a number was changed otherwise");
    for (std::size_t i = 1; i < kBatch; ++i) {
      random.next();
    }
    checksum.add(sum);
    ++batches;
  }
  team.wait();
  kernel::require(batches == size, "batches were lost");
  checksum.print();
}
