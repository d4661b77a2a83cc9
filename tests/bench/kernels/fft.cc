// SPDX-License-Identifier: Apache-2.0
// Fast Fourier transform of SIZE * SIZE points in six steps (Bailey 1990): the points are a square matrix; transpose,
// transform the rows, multiply by the roots of unity, transpose, transform the rows, transpose. SIZE is a power of two.
// Threads own rows; only transposing reads those of others, so all meet after each transformation. Checked by
// transforming back.
#include <barrier>
#include <numbers>

#include "tests/bench/kernels/kernel.h"

namespace {

struct Complex {
  double re = 0;
  double im = 0;
};

Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }

using Vector = std::vector<Complex>;

class SquareTransform {
 public:
  SquareTransform(std::size_t side, unsigned threads)
      : side_(side),
        threads_(threads),
        barrier_(threads),
        roots_(side * side),
        row_roots_(side),
        reversed_(side),
        other_(side * side) {
    for (std::size_t k = 0; k < roots_.size(); ++k) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(roots_.size());
      roots_[k] = {std::cos(angle), std::sin(angle)};
    }
    for (std::size_t k = 0; k < side; ++k) {
      row_roots_[k] = roots_[k * side];
      reversed_[k] = k == 0 ? 0 : reversed_[k / 2] / 2 + (k % 2) * (side / 2);
    }
  }

  void run(Vector& points) {
    kernel::in_parallel(threads_, [&](unsigned me) {
      const kernel::Slice rows = kernel::slice(side_, me, threads_);
      transpose(points, other_, rows);
      transform_rows(other_, rows, true);
      transpose(other_, points, rows);
      transform_rows(points, rows, false);
      transpose(points, other_, rows);
    });
    points.swap(other_);
  }

 private:
  static constexpr std::size_t kTile = 8;

  void transpose(const Vector& from, Vector& to, kernel::Slice rows) {
    const std::size_t tile = std::min(kTile, side_);
    for (std::size_t column = 0; column < side_; column += tile) {
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        for (std::size_t i = column; i < column + tile; ++i) {
          to[row * side_ + i] = from[i * side_ + row];
        }
      }
    }
  }

  void transform_rows(Vector& points, kernel::Slice rows, bool twiddle) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      Complex* const line = &points[row * side_];
      transform_row(line);
      for (std::size_t i = 0; twiddle && i < side_; ++i) {
        line[i] = line[i] * roots_[row * i];
      }
    }
    barrier_.arrive_and_wait();
  }

  // Cooley and Tukey: bit-reversed order, then butterflies of growing span.
  void transform_row(Complex* line) const {
    for (std::size_t i = 0; i < side_; ++i) {
      if (i < reversed_[i]) {
        std::swap(line[i], line[reversed_[i]]);
      }
    }
    for (std::size_t half = 1; half < side_; half *= 2) {
      const std::size_t step = side_ / (2 * half);
      for (std::size_t start = 0; start < side_; start += 2 * half) {
        for (std::size_t k = 0; k < half; ++k) {
          const Complex odd = line[start + half + k] * row_roots_[k * step];
          const Complex even = line[start + k];
          line[start + k] = even + odd;
          line[start + half + k] = even - odd;
        }
      }
    }
  }

  std::size_t side_;
  unsigned threads_;
  std::barrier<> barrier_;
  Vector roots_;
  Vector row_roots_;
  std::vector<std::size_t> reversed_;
  Vector other_;
};

// With real and imaginary parts exchanged before and after, the transform is its own inverse up to a factor.
void exchange_parts(Vector& points, double factor) {
  for (Complex& point : points) {
    point = {point.im * factor, point.re * factor};
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto [side, threads] = kernel::arguments(argc, argv, 256);
  kernel::require((side & (side - 1)) == 0, "SIZE is not a power of two");
  kernel::Random random(1);
  Vector points(side * side);
  for (Complex& point : points) {
    point = {random.real(-1, 1), random.real(-1, 1)};
  }
  const Vector original = points;
  SquareTransform transform(side, threads);
  transform.run(points);
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < points.size(); i += 1 + points.size() / 64) {
    checksum.add_rounded(points[i].re);
    checksum.add_rounded(points[i].im);
  }
  exchange_parts(points, 1);
  transform.run(points);
  exchange_parts(points, 1 / static_cast<double>(points.size()));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Complex error = points[i] - original[i];
    kernel::require(std::abs(error.re) + std::abs(error.im) < 1e-9, "transformed forth and back it is not the same");
  }
  checksum.print();
}
