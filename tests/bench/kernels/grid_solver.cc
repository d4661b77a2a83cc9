// SPDX-License-Identifier: Apache-2.0
// Heat on a SIZE x SIZE plate with one hot edge: successive over-relaxation, first all red points, then all black ones,
// until hardly anything changes or after 60 sweeps. Threads own rows, read their neighbours' border rows, and meet
// after each colour.
#include <barrier>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr int kMostSweeps = 60;
constexpr double kEnough = 1e-7;  // mean change of a point
constexpr double kOmega = 1.8;

class Plate {
 public:
  explicit Plate(std::size_t size) : width_(size + 2), points_(width_ * width_) {
    std::fill_n(points_.begin(), width_, 1.0);
  }
  [[nodiscard]] std::size_t size() const { return width_ - 2; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return points_[row * width_ + column]; }

  // One colour of rows first + 1 to last; returns how much has changed.
  double relax(kernel::Slice rows, std::size_t colour) {
    double change = 0;
    for (std::size_t row = rows.begin + 1; row <= rows.end; ++row) {
      double* const line = &points_[row * width_];
      for (std::size_t column = 1 + (row + colour) % 2; column <= size(); column += 2) {
        const double around = line[column - 1] + line[column + 1] + line[column - width_] + line[column + width_];
        const double step = kOmega * (around / 4 - line[column]);
        line[column] += step;
        change += std::abs(step);
      }
    }
    return change;
  }

 private:
  std::size_t width_;
  std::vector<double> points_;
};

int solve(Plate& plate, unsigned threads) {
  struct alignas(64) Change {
    double value = 0;
  };
  std::vector<Change> changes(threads);
  std::barrier<> barrier(threads);
  int sweeps_done = 0;
  kernel::in_parallel(threads, [&](unsigned me) {
    const kernel::Slice rows = kernel::slice(plate.size(), me, threads);
    const double enough = kEnough * static_cast<double>(plate.size() * plate.size());
    int sweeps = 0;
    double change = enough;
    while (sweeps < kMostSweeps && change >= enough) {
      const double red = plate.relax(rows, 0);
      barrier.arrive_and_wait();
      changes[me].value = red + plate.relax(rows, 1);
      barrier.arrive_and_wait();
      change = 0;
      for (const Change& one : changes) {  // everybody adds up the same, so all stop together
        change += one.value;
      }
      ++sweeps;
    }
    if (me == 0) {
      sweeps_done = sweeps;
    }
  });
  return sweeps_done;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 256);
  Plate plate(size);
  kernel::Checksum checksum;
  checksum.add(static_cast<std::uint64_t>(solve(plate, threads)));
  for (std::size_t row = 1; row <= size; row += 1 + size / 16) {
    for (std::size_t column = 1; column <= size; column += 1 + size / 16) {
      const double value = plate.at(row, column);
      kernel::require(value >= 0 && value <= 2, "a point is hotter than over-relaxation can make it");
      checksum.add_rounded(value);
    }
  }
  checksum.print();
}
